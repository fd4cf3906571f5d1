import type { Hold, Sender } from '@ott/delivery'

import { toBlock, toTable } from './print.ts'
import { allNetworks } from './sender-options.ts'
import type { Standing } from './sender-standing.ts'

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

/** A sender for programs with how it stands, its times in ISO 8601. */
export function toStandingJson(sender: Shown, { hold, waiting }: Standing) {
  return { ...toJson(sender), hold: hold === undefined ? null : toHoldJson(hold), waiting }
}

/** A sender for people, without its secrets. */
export function toText(sender: Shown, standing?: Standing): string {
  const attributes = Object.entries(shownAttributes(sender)).map(([name, value]) => [name, String(value)])
  return toBlock({
    Sender: sender.id,
    Network: sender.network,
    Account: sender.account,
    State: toState(sender),
    ...(standing !== undefined && { Hold: toHoldText(standing), ...toReason(standing) }),
    Endpoint: sender.endpointUrl,
    ...Object.fromEntries(attributes),
  })
}

/** Senders for people, one in a line. */
export function toList(senders: readonly (readonly [Shown, Standing])[]): string {
  const rows = senders.map(([sender, standing]) => [
    sender.network,
    sender.id,
    toState(sender),
    sender.endpointUrl,
    toHoldText(standing),
  ])
  return toTable(['NETWORK', 'SENDER', 'STATE', 'ENDPOINT', 'HOLD'], rows)
}

function toHoldJson({ kind, reason, message, since, until, strikes }: Hold) {
  return { kind, reason, message, since: toIso(since), until: toIso(until), strikes }
}

/** What holds a sender back, in a line. */
function toHoldText({ hold, waiting }: Standing): string {
  if (hold === undefined) return waiting === 0 ? '-' : `being released: ${waiting} waiting`
  if (hold.kind === 'throttled') return `throttled until ${toIso(hold.until)}`
  const probe = hold.probe === undefined ? `next probe ${toIso(hold.until)}` : 'a probe is under way'
  return `parked: ${hold.reason} since ${toIso(hold.since)}, ${waiting} waiting, ${probe}`
}

function toReason({ hold }: Standing): Readonly<Record<string, string>> {
  return hold === undefined ? {} : { 'Held back for': hold.message }
}

function toIso(time: number): string {
  return new Date(time).toISOString()
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
