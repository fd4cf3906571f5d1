import type { Sender } from '@ott/delivery'

import { toBlock, toTable } from './print.ts'
import { allNetworks } from './sender-options.ts'

type Shown = Omit<Sender, 'revision'>

/** A sender for programs, in the registration API's words; without its secrets. */
export function toJson(sender: Shown) {
  return {
    account: sender.account,
    network: sender.network,
    id: sender.id,
    isActive: sender.active,
    endpointUrl: sender.endpointUrl,
    attributes: shownAttributes(sender),
  }
}

/** A sender for people, without its secrets. */
export function toText(sender: Shown): string {
  const attributes = Object.entries(shownAttributes(sender)).map(([name, value]) => [name, String(value)])
  return toBlock({
    Sender: sender.id,
    Network: sender.network,
    Account: sender.account,
    State: toState(sender),
    Endpoint: sender.endpointUrl,
    ...Object.fromEntries(attributes),
  })
}

/** Senders for people, one in a line. */
export function toList(senders: readonly Shown[]): string {
  const rows = senders.map((sender) => [sender.network, sender.id, toState(sender), sender.endpointUrl])
  return toTable(['NETWORK', 'SENDER', 'STATE', 'ENDPOINT'], rows)
}

/** Only what the network lists as no secret: what is not listed may be one. */
function shownAttributes({ network, attributes }: Shown): Sender['attributes'] {
  const listed = allNetworks.find((named) => named.network === network)?.definition.senderAttributes ?? []
  const shown = new Set(listed.filter(({ kind }) => kind !== 'secret').map(({ name }) => name))
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => shown.has(name)))
}

function toState({ active }: Shown): string {
  return active ? 'active' : 'inactive'
}
