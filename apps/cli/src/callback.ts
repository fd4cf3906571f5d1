import { randomUUID } from 'node:crypto'

import type { Command } from '@commander-js/extra-typings'
import type { Callback, CallbackRegistry } from '@ott/registry'
import { toTestEvent } from '@ott/wire'

import { toAccount } from './account.ts'
import { addReplay } from './callback-replay.ts'
import { type Shown, toJson, toList, toText } from './callback-view.ts'
import { Failure } from './failure.ts'
import { print, printJson, styled } from './print.ts'
import { withCallbacks } from './registries.ts'
import { whileWaiting } from './waiting.ts'

/** How long a test is waited for: an endpoint that fails is left alone for a minute at most, unless it asks for more. */
const testLimitMs = 75_000

/** What had not been queued yet when a callback was disabled is replayed, too: it happened so long before at most, as a rule. */
const replayEarlierMs = 60_000

/** `ott callback …`: where accounts are told what becomes of their deliveries. */
export function addCallbackCommands(ott: Command): void {
  const callback = ott
    .command('callback')
    .description('callbacks: where accounts are told what becomes of their messages')
  addList(callback)
  addShow(callback)
  addTest(callback)
  addEnable(callback)
  addDisable(callback)
  addReplay(callback)
}

function addList(callback: Command): void {
  callback
    .command('list')
    .description('list the callbacks of all accounts, how they fare, and how many events wait')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  ott callback list')
    .action(async ({ json: asJson }) => {
      const all = await withCallbacks(async (callbacks, queues) =>
        Promise.all((await callbacks.all()).map((found) => withCounts(found, queues))),
      )
      if (asJson) printJson(all.map(toJson))
      else if (all.length > 0) print(toList(all))
      else print('No account has a callback: a client registers its own, with PUT /ott/v1/callback.')
    })
}

function addShow(callback: Command): void {
  callback
    .command('show')
    .description("show an account's callback, without its secret")
    .requiredOption('--account <account>', 'whose', toAccount)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  ott callback show --account shop')
    .action(async ({ account, json: asJson }) => {
      const shown = await withCallbacks(async (callbacks, queues) => withCounts(await find(callbacks, account), queues))
      if (asJson) printJson(toJson(shown))
      else print(toText(shown))
    })
}

function addTest(callback: Command): void {
  callback
    .command('test')
    .description('have an event of the type callback.test told, once, and show what the endpoint made of it')
    .requiredOption('--account <account>', 'whose', toAccount)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExits with 1 when it did not arrive.\n\nExample:\n  ott callback test --account shop')
    .action(async ({ account, json: asJson }) => {
      const told = await withCallbacks(async (callbacks, queues) => {
        const { id, disabled } = await find(callbacks, account)
        if (disabled !== undefined)
          throw new Failure(`It is disabled: \`ott callback enable --account ${account}\` comes first.`)
        const event = toTestEvent(randomUUID(), Date.now())
        return whileWaiting('Waiting until the endpoint is told', queues.test(id, event, testLimitMs))
      })
      if (told === undefined) throw new Failure(notTold)
      if (asJson) printJson({ account, ...told })
      else
        print(
          told.arrived
            ? `${styled('green', '✓')} It arrived: the endpoint ${told.message}.`
            : `It did not arrive: ${told.message}.`,
        )
      if (!told.arrived) process.exitCode = 1
    })
}

const notTold =
  'Nothing has come of it. Either the callbacks program does not run, or the endpoint has failed and is left alone for a while: ' +
  '`ott callback list` tells how it fares.'

function addEnable(callback: Command): void {
  callback
    .command('enable')
    .description('let a disabled callback be told again: what waits for it, and what happens from now on')
    .requiredOption('--account <account>', 'whose', toAccount)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  ott callback enable --account shop')
    .action(async ({ account, json: asJson }) => {
      const { before, shown } = await withCallbacks(async (callbacks, queues) => {
        const found = await find(callbacks, account)
        return { before: found, shown: await withCounts((await callbacks.enable(account)) ?? found, queues) }
      })
      if (asJson) printJson(toJson(shown))
      else print(toText(shown), ...toNext(before))
    })
}

function toNext({ account, disabled }: Callback): string[] {
  if (disabled === undefined) return ['It was not disabled.']
  const since = new Date(disabled.at - replayEarlierMs).toISOString()
  return ['', `What happened meanwhile is told with: ott callback replay --account ${account} --since ${since}`]
}

function addDisable(callback: Command): void {
  callback
    .command('disable')
    .description('tell a callback nothing any more, without forgetting it')
    .requiredOption('--account <account>', 'whose', toAccount)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nWhat waits for it is kept for a week.\n\nExample:\n  ott callback disable --account shop')
    .action(async ({ account, json: asJson }) => {
      const shown = await withCallbacks(async (callbacks, queues) => {
        const found = await find(callbacks, account)
        return withCounts((await callbacks.disable(found, 'operator')) ?? found, queues)
      })
      if (asJson) printJson(toJson(shown))
      else print(toText(shown))
    })
}

async function find(callbacks: CallbackRegistry, account: string): Promise<Callback> {
  const found = await callbacks.find(account)
  if (found === undefined) throw new Failure(`The account ${account} has no callback: \`ott callback list\` shows all.`)
  return found
}

async function withCounts(
  callback: Callback,
  queues: Parameters<Parameters<typeof withCallbacks>[0]>[1],
): Promise<Shown> {
  const [waiting, failed] = await Promise.all([queues.waiting(callback.id), queues.failed(callback.id)])
  return { callback, waiting, failed }
}
