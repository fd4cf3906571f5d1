import type { Command } from '@commander-js/extra-typings'
import type { SenderAttribute } from '@ott/delivery'
import { EndpointEnvironment, whyNotEndpoint } from '@ott/networks'

import { toAccount } from './account.ts'
import { readOpenAttributes, readSecretAttributes, toAssignments } from './assignments.ts'
import { UsageFailure } from './failure.ts'
import { print, printJson } from './print.ts'
import { withSenders } from './registries.ts'
import { readSecrets } from './secrets.ts'
import { allNetworks, networkNames, toNetwork } from './sender-options.ts'
import { toJson, toText } from './sender-view.ts'
import { readSettings } from './settings.ts'

const examples = `
Secrets are never given as arguments, which everyone on a machine can read. Each is a line name=value in the --secret-file or
on standard input; on a terminal, ott asks for them.

A sender that was parked, for its credentials say, is so no longer once it is registered again: the deliveries that wait for it
are released.

Attributes:
${allNetworks.map(({ network, definition }) => `  ${network}: ${definition.senderAttributes.map(toHelp).join(', ')}`).join('\n')}

Examples:
  ott sender register --account shop --network line --endpoint-url https://api.line.me \\
    --set channelId=1650000000 channelName=Shop isTransactional=true isTestChannel=false
  ott sender register --account shop --network messenger --endpoint-url https://graph.facebook.com/v26.0/me/messages \\
    --set applicationId=1 pageId=100200300 pageName=Shop --secret-file page-secrets.env --json`

/** `ott sender register`: adds a sender, or overwrites it. */
export function addRegister(sender: Command): void {
  sender
    .command('register')
    .description('add a sender, or overwrite the one of the same id')
    .requiredOption('--account <account>', 'whose', toAccount)
    .requiredOption('--network <network>', networkNames, toNetwork)
    .requiredOption('--endpoint-url <url>', 'where the network is reached, at one of ENDPOINT_HOSTS')
    .option('--set <name=value...>', "the sender's attributes, all but the secrets", toList)
    .option('--secret-file <file>', 'the secrets, a name=value in each line; - is standard input')
    .option('--inactive', 'it may not send until it is activated')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async ({ account, network: { network, definition }, endpointUrl, inactive, json: asJson, ...given }) => {
      const open = readOpenAttributes(definition, toAssignments(given.set ?? [], '--set'))
      refuseEndpoint(endpointUrl)
      const registered = await withSenders(async (senders) => {
        const wanted = definition.senderAttributes.filter(({ kind }) => kind === 'secret')
        const secrets = readSecretAttributes(definition, await readSecrets(given.secretFile, wanted))
        const attributes = { ...open, ...secrets }
        const id = String(attributes[definition.senderId])
        const added = { account, network, id, active: inactive !== true, endpointUrl, attributes }
        await senders.register(added)
        return added
      })
      if (asJson) printJson(toJson(registered))
      else
        print(
          toText(registered),
          '',
          `Whether ${definition.title} takes its credentials tells: ` +
            `ott sender check ${registered.id} --account ${account} --network ${network}`,
        )
    })
}

function refuseEndpoint(given: string): void {
  const { ENDPOINT_HOSTS: hosts } = readSettings(EndpointEnvironment)
  const hindrance = whyNotEndpoint(given, hosts)
  if (hindrance !== undefined)
    throw new UsageFailure(`--endpoint-url is invalid: ${hindrance}. The setting ENDPOINT_HOSTS lists the hosts.`)
}

function toList(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}

function toHelp(attribute: SenderAttribute): string {
  const { name, kind, required } = attribute
  if (kind === 'choice') return `${name} (${attribute.choices.join(' or ')}; ${attribute.choices[0]} unless given)`
  const notes = [kind === 'text' ? '' : kind, required ? '' : 'optional'].filter((note) => note !== '')
  return notes.length === 0 ? name : `${name} (${notes.join(', ')})`
}
