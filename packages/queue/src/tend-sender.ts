import { type Hold, passage } from '@ott/delivery'
import type { Logger, NowOrLater } from '@ott/runtime'

import type { ParkedDeliveries, ParkedSender } from './parked-deliveries.ts'

/** The holds on senders as @ott/registry's SenderHolds keeps them. */
export type Holds = {
  readonly find: (account: string, network: string, sender: string) => NowOrLater<Hold | undefined>
  readonly letThrough: (
    account: string,
    network: string,
    sender: string,
    change: { readonly seen: Hold; readonly probe: string; readonly until: number },
  ) => Promise<boolean>
  readonly list: (network: string) => Promise<readonly (ParkedSender & { readonly hold: Hold })[]>
  readonly removeIfSame: (account: string, network: string, sender: string, seen: Hold) => Promise<void>
}

/** The revision of a sender's registration; `undefined` where it is not registered, or not active. */
type FindRevision = (account: string, sender: string) => Promise<string | undefined>

export type TendOptions = {
  readonly parked: ParkedDeliveries
  readonly holds: Holds
  readonly findRevision: FindRevision
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Does for one sender with parked deliveries what is due: puts up to `limit` of them back in the queue if the sender is no
 * longer held back, registered or not, or lets one through as a probe. Resolves with how many it released.
 */
export async function tendSender(
  network: string,
  { account, sender }: ParkedSender,
  limit: number,
  { parked, holds, findRevision, logger, now }: TendOptions,
): Promise<number> {
  const [hold, revision] = await Promise.all([holds.find(account, network, sender), findRevision(account, sender)])
  if (hold === undefined || passage(hold, revision, '', now()) === 'pass') {
    const released = await parked.release(account, sender, limit)
    if (released > 0) logger.info({ account, sender, released }, 'deliveries.released')
    return released
  }
  if (hold.kind === 'throttled') return 0
  // It was let through, and parked again by a worker that had not heard of it.
  if (hold.probe !== undefined && (await parked.releaseOne(account, sender, hold.probe))) return 0
  if (now() < hold.until) return 0
  const probe = await parked.oldest(account, sender)
  if (probe === undefined) return 0
  const isOurs = await holds.letThrough(account, network, sender, { seen: hold, probe, until: now() + hold.waitMs })
  if (!isOurs) return 0
  await parked.releaseOne(account, sender, probe)
  logger.info({ deliveryId: probe, account, sender, strikes: hold.strikes }, 'sender.probed')
  return 0
}

/**
 * Drops what is over: throttles that ended long enough ago not to count, earlier registrations' holds, and deliveries in the
 * index that are no longer parked.
 */
export async function sweep(network: string, { parked, holds, findRevision, now }: TendOptions): Promise<void> {
  for (const { account, sender, hold } of await holds.list(network)) {
    const isOver = hold.kind === 'throttled' && now() >= hold.until + 2 * hold.waitMs
    // A sender that cannot be read keeps its hold, and others are not kept waiting for it.
    const revision = await findRevision(account, sender).catch(() => hold.revision)
    if (isOver || hold.revision !== revision) await holds.removeIfSame(account, network, sender, hold)
  }
  for (const { account, sender } of await parked.senders()) await parked.sweep(account, sender)
  await parked.forgetParkings(now())
}
