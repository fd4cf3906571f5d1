import type { Command } from '@commander-js/extra-typings'
import type { Sender } from '@ott/delivery'
import type { SenderRegistry } from '@ott/registry'

import { toAccount } from './account.ts'
import { print, printJson } from './print.ts'
import { withSenders } from './registries.ts'
import { addCheck } from './sender-check.ts'
import { allNetworks, findSender, type NamedNetwork, networkNames, toNetwork } from './sender-options.ts'
import { addRegister } from './sender-register.ts'
import { addResume } from './sender-resume.ts'
import { standingOf, withStandings } from './sender-standing.ts'
import { toJson, toList, toStandingJson, toText } from './sender-view.ts'

/** How many are read at a time. */
const pageSize = 500

/** `ott sender …`: who messages come from. */
export function addSenderCommands(ott: Command): void {
  const sender = ott.command('sender').description('senders: LINE channels, Messenger Pages and their credentials')
  addList(sender)
  addShow(sender)
  addRegister(sender)
  addSetActive(sender, 'activate', true, 'let an inactive sender send again, whatever held it back')
  addSetActive(
    sender,
    'deactivate',
    false,
    'keep a sender from sending, without forgetting it; what waits for it fails, and can be redriven',
  )
  addResume(sender)
  addCheck(sender)
}

function addList(sender: Command): void {
  sender
    .command('list')
    .description("list an account's senders, and what holds them back")
    .requiredOption('--account <account>', 'whose', toAccount)
    .option('--network <network>', `of one network only: ${networkNames}`, toNetwork)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
HOLD says what holds a sender back: throttled by its network for a moment, or parked (for its credentials, its quota or a
pause that the network imposed) with how many deliveries wait. A parked sender is probed now and then with one delivery;
\`ott sender resume\` or a new registration ends it at once.

Example:
  ott sender list --account shop --network line`,
    )
    .action(async ({ account, network, json: asJson }) => {
      const wanted = network === undefined ? allNetworks : [network]
      const all = await withSenders(async (senders, connection) => {
        const listed = await listAll(senders, account, wanted)
        return withStandings(listed, connection)
      })
      if (asJson) printJson(all.map(([found, standing]) => toStandingJson(found, standing)))
      else if (all.length > 0) print(toList(all))
      else print(`The account ${account} has no such senders: \`ott sender register --help\` shows how to add one.`)
    })
}

function addShow(sender: Command): void {
  sender
    .command('show')
    .description('show one sender, without its secrets')
    .argument('<id>', 'as `ott sender list` shows it')
    .requiredOption('--account <account>', 'whose', toAccount)
    .requiredOption('--network <network>', networkNames, toNetwork)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  ott sender show 1650000000 --account shop --network line')
    .action(async (id, { account, network, json: asJson }) => {
      const { found, standing } = await withSenders(async (senders, connection) => {
        const wanted = await findSender(senders, { account, network, id })
        return { found: wanted, standing: await standingOf(wanted, connection) }
      })
      if (asJson) printJson(toStandingJson(found, standing))
      else print(toText(found, standing))
    })
}

function addSetActive(sender: Command, name: string, active: boolean, description: string): void {
  sender
    .command(name)
    .description(description)
    .argument('<id>', 'as `ott sender list` shows it')
    .requiredOption('--account <account>', 'whose', toAccount)
    .requiredOption('--network <network>', networkNames, toNetwork)
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  ott sender ${name} 1650000000 --account shop --network line`)
    .action(async (id, { account, network, json: asJson }) => {
      const changed = await withSenders(async (senders) => {
        const found = { ...(await findSender(senders, { account, network, id })), active }
        await senders.register(found)
        return found
      })
      if (asJson) printJson(toJson(changed))
      else print(toText(changed))
    })
}

async function listAll(
  senders: SenderRegistry,
  account: string,
  wanted: readonly NamedNetwork[],
): Promise<readonly Sender[]> {
  const all: Sender[] = []
  for (const { network } of wanted)
    for (let page = 1, more = true; more; page += 1) {
      const { count, records } = await senders.list(account, network, page, pageSize)
      all.push(...records)
      more = page * pageSize < count
    }
  return all
}
