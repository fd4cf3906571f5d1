import type { Command } from '@commander-js/extra-typings'
import { deferred, EndpointNotAllowed, NoAnswer, type Receipt, refused, type Sender } from '@ott/delivery'
import { EndpointEnvironment, openHttp } from '@ott/networks'
import { ZodError } from 'zod'

import { toAccount } from './account.ts'
import { Failure } from './failure.ts'
import { print, printJson, styled } from './print.ts'
import { withSenders } from './registries.ts'
import { findSender, type NamedNetwork, networkNames, toNetwork } from './sender-options.ts'
import { readSettings } from './settings.ts'
import { whileWaiting } from './waiting.ts'

/** For one answer, and for the check with all its repeats. */
const timeoutMs = 10_000
const limitMs = 30_000

/** What can be done about each reason. */
const remedies: Readonly<Partial<Record<string, string>>> = {
  sender: 'Register it again with `ott sender register`, or list the host in ENDPOINT_HOSTS.',
  credentials: 'Register it again with the right ones: `ott sender register --help`.',
  permission: "Look at the sender's rights in the network's console.",
  rejected: 'Look at its endpoint URL: `ott sender show`.',
}

/** `ott sender check`: asks the network whether it takes the stored credentials. */
export function addCheck(sender: Command): void {
  sender
    .command('check')
    .description('ask the network whether it takes the stored credentials; nobody is written to')
    .argument('<id>', 'as `ott sender list` shows it')
    .requiredOption('--account <account>', 'whose', toAccount)
    .requiredOption('--network <network>', networkNames, toNetwork)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
It ends with exit code 0 if the network takes them, and with 1 if it does not or did not say.

Example:
  ott sender check 1650000000 --account shop --network line`,
    )
    .action(async (id, { account, network, json: asJson }) => {
      const found = await withSenders((senders) => findSender(senders, { account, network, id }))
      const receipt = await whileWaiting(`Asking ${network.definition.title}`, ask(network, found))
      if (asJson) printJson({ account, network: network.network, id, ...toJson(receipt) })
      if (receipt.outcome === 'accepted') {
        if (!asJson) print(`${styled('green', '✓')} ${network.definition.title} takes the credentials of ${id}.`)
      } else if (asJson) process.exitCode = 1
      else throw new Failure(whyNot(network, receipt))
    })
}

async function ask({ definition }: NamedNetwork, sender: Sender): Promise<Receipt> {
  const { ENDPOINT_HOSTS: endpointHosts } = readSettings(EndpointEnvironment)
  const http = openHttp({ timeoutMs, endpointHosts })
  try {
    return await definition.open(sender, http.exchange).check(AbortSignal.timeout(limitMs))
  } catch (error) {
    return toReceipt(error)
  } finally {
    await http.close()
  }
}

function toReceipt(error: unknown): Receipt {
  if (error instanceof NoAnswer) return deferred('no-answer', error.message)
  if (error instanceof EndpointNotAllowed) return refused('sender', error.message)
  if (error instanceof ZodError)
    return refused('sender', `its registration lacks ${error.issues.map(({ path }) => path.join('.')).join(', ')}`)
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return deferred('no-answer', `no answer within ${limitMs / 1000} s`)
  throw error
}

function toJson(receipt: Receipt) {
  if (receipt.outcome === 'accepted') return { outcome: receipt.outcome }
  return { outcome: receipt.outcome, reason: receipt.reason, message: receipt.message }
}

function whyNot({ definition: { title } }: NamedNetwork, receipt: Exclude<Receipt, { outcome: 'accepted' }>): string {
  const { outcome, reason } = receipt
  const message = receipt.message.replace(/\.$/, '')
  if (outcome === 'deferred')
    return `${title} did not say whether it takes the credentials (${reason}): ${message}. Try again later.`
  const remedy = remedies[reason]
  return `${title} does not take the sender (${reason}): ${message}.${remedy === undefined ? '' : ` ${remedy}`}`
}
