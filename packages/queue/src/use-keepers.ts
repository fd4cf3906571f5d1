import type { Hold } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'

import { type ParkingKeeper, type ParkingKeeperOptions, startParkingKeeper } from './parking-keeper.ts'
import type { Holds } from './tend-sender.ts'
import { useParked } from './use-parked.ts'
import { logger } from './testing.ts'
import { type useQueues } from './use-queues.ts'

/** For tests: a sender out of quota since 0, to be probed at 10,000. */
export const parkedHold: Hold = {
  kind: 'parked',
  reason: 'quota',
  message: 'LINE answered 429: You have reached your monthly limit.',
  since: 0,
  until: 10_000,
  waitMs: 60_000,
  strikes: 1,
  revision: 'r1',
}

/** For tests: holds as the registry keeps them, in this process, of the account shop. */
export function holdsOf(held: Record<string, Hold>): Holds & { readonly held: Record<string, Hold | undefined> } {
  const holds: Record<string, Hold | undefined> = { ...held }
  return {
    held: holds,
    find: async (_account, _network, sender) => holds[sender],
    letThrough: async (_account, _network, sender, { seen, probe, until }) => {
      const isSame = holds[sender] === seen
      if (isSame) holds[sender] = { ...seen, probe, until }
      return isSame
    },
    list: async () =>
      Object.entries(holds).flatMap(([sender, hold]) =>
        hold === undefined ? [] : [{ account: 'shop', sender, hold }],
      ),
    removeIfSame: async (_account, _network, sender) => void delete holds[sender],
  }
}

/** For tests: the same holds, and a way to wait until a keeper has looked at them so many times, and was done with it. */
export function rounds(holds: Holds) {
  let finds = 0
  return {
    holds: {
      ...holds,
      find: (...place: Parameters<Holds['find']>) => {
        finds += 1
        return holds.find(...place)
      },
    },
    pass: async (wanted: number): Promise<void> => {
      const until = finds + wanted + 1
      await untilTrue(() => finds >= until)
    },
  }
}

type KeeperChanges = Partial<ParkingKeeperOptions> & Pick<ParkingKeeperOptions, 'holds'>

/** For tests: parked deliveries of LINE, and keepers that look so often that nobody has to wait for them. */
export function useKeepers(given: ReturnType<typeof useQueues>) {
  const parked = useParked(given)
  const startKeeper = (changes: KeeperChanges): ParkingKeeper => {
    const keeper = startParkingKeeper('line', 'line', {
      redis: given.redis(),
      parked: parked.open().parked,
      findRevision: async () => 'r1',
      releasePerSecond: 1000,
      everyMs: 20,
      now: () => 0,
      logger,
      ...changes,
    })
    given.afterTest(() => keeper.close())
    return keeper
  }
  return { ...parked, startKeeper }
}
