import { type Hold, passage, type Sender } from '@ott/delivery'
import { ParkedCounts } from '@ott/queue'
import { SenderHolds } from '@ott/registry'

import type { Connection } from './registries.ts'

/** What holds a sender back at this moment, and how many of its deliveries are parked. */
export type Standing = { readonly hold: Hold | undefined; readonly waiting: number }

/** How one sender stands. */
export async function standingOf(sender: Sender, connection: Connection): Promise<Standing> {
  const [found] = await withStandings([sender], connection)
  return found?.[1] ?? { hold: undefined, waiting: 0 }
}

/** Senders, each with how it stands. */
export async function withStandings(
  senders: readonly Sender[],
  connection: Connection,
): Promise<readonly (readonly [Sender, Standing])[]> {
  return withHolds(connection, async (holds) => {
    const counts = await countsOf(senders, connection)
    return Promise.all(
      senders.map(async (sender): Promise<readonly [Sender, Standing]> => {
        const hold = await holds.find(sender.account, sender.network, sender.id)
        const isHeld = passage(hold, sender.revision, '', Date.now()) === 'held'
        return [sender, { hold: isHeld ? hold : undefined, waiting: counts.get(sender) ?? 0 }]
      }),
    )
  })
}

/** Does something with the holds on senders, and closes what it opened. */
export async function withHolds<Result>(
  { redis, ...options }: Connection,
  use: (holds: SenderHolds) => Promise<Result>,
): Promise<Result> {
  const holds = await SenderHolds.open(redis, options)
  try {
    return await use(holds)
  } finally {
    await holds.close()
  }
}

async function countsOf(senders: readonly Sender[], { redis }: Connection): Promise<ReadonlyMap<Sender, number>> {
  const counts = new Map<Sender, number>()
  for (const network of new Set(senders.map((sender) => sender.network))) {
    const parked = new ParkedCounts(network, redis)
    for (const sender of senders.filter((candidate) => candidate.network === network))
      counts.set(sender, await parked.ofSender(sender.account, sender.id))
  }
  return counts
}
