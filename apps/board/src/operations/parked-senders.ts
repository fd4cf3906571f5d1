import { type FailureReason, passage } from '@ott/delivery'
import type { ParkedCount } from '@ott/queue'
import { type HeldSender, listHolds, readRevision } from '@ott/registry'
import type { Redis } from '@ott/runtime'

/** A sender whose deliveries wait for it to be released. `hold` is undefined once it is: they are on their way back to the queue. */
export type ParkedSender = {
  readonly network: string
  readonly account: string
  readonly sender: string
  readonly waiting: number
  /** Times are milliseconds since 1970; `until` is when the next probe is let through, or a throttle ends. */
  readonly hold: { readonly reason: FailureReason; readonly since: number; readonly until: number } | undefined
}

/** What holds these senders back at this moment, and since when. What the network said stays out: it may quote a delivery. */
export async function withHolds(
  network: string,
  counts: readonly ParkedCount[],
  redis: Redis,
): Promise<readonly ParkedSender[]> {
  if (counts.length === 0) return []
  const held = new Map((await listHolds(redis, network)).map((one) => [nameOf(one), one]))
  return Promise.all(
    counts.map(async ({ account, sender, waiting }) => {
      const found = held.get(nameOf({ account, sender }))
      const hold = found !== undefined && (await isCurrent(network, found, redis)) ? found.hold : undefined
      return { network, account, sender, waiting, hold: hold && pick(hold) }
    }),
  )
}

/** A hold does not outlive the registration that it was laid on. */
async function isCurrent(network: string, { account, sender, hold }: HeldSender, redis: Redis): Promise<boolean> {
  const revision = await readRevision(redis, { account, network, id: sender })
  return passage(hold, revision, '', Date.now()) === 'held'
}

function pick({ reason, since, until }: HeldSender['hold']) {
  return { reason, since, until }
}

function nameOf({ account, sender }: Pick<HeldSender, 'account' | 'sender'>): string {
  return JSON.stringify([account, sender])
}
