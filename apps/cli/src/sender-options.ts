import { InvalidArgumentError } from '@commander-js/extra-typings'
import type { NetworkDefinition, Sender } from '@ott/delivery'
import { networks } from '@ott/networks'
import type { SenderRegistry } from '@ott/registry'

import { Failure } from './failure.ts'

/** A network that was named on the command line. */
export type NamedNetwork = { readonly network: string; readonly definition: NetworkDefinition }

/** Every network that there is. */
export const allNetworks: readonly NamedNetwork[] = Object.entries(networks).map(([network, definition]) => ({
  network,
  definition,
}))

/** For options' help: `line or messenger`. */
export const networkNames = allNetworks.map(({ network }) => network).join(' or ')

/** Which sender a command is about. */
export type SenderChoice = { readonly account: string; readonly network: NamedNetwork; readonly id: string }

export function toNetwork(text: string): NamedNetwork {
  const found = allNetworks.find(({ network }) => network === text.toLowerCase())
  if (found === undefined) throw new InvalidArgumentError(`There are: ${networkNames}.`)
  return found
}

/** The sender, or the failure to be shown where there is none. */
export async function findSender(senders: SenderRegistry, { account, network, id }: SenderChoice): Promise<Sender> {
  const found = await senders.find(account, network.network, id)
  if (found !== undefined) return found
  throw new Failure(
    `The account ${account} has no ${network.definition.title} sender with the ${network.definition.senderId} ${id}. ` +
      `\`ott sender list --account ${account}\` shows those there are.`,
  )
}
