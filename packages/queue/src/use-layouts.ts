import type { Delivery, Receipt } from '@ott/delivery'
import type { Redis } from '@ott/runtime'

import { startDeliveryWorker } from './delivery-worker.ts'
import { DeliveryQueues } from './delivery-queues.ts'
import { HeldSenders, type Senders } from './held-senders.ts'
import { ParkedDeliveries } from './parked-deliveries.ts'
import { startParkingKeeper } from './parking-keeper.ts'
import { type TakeOptions, takeQueues } from './taken-queues.ts'
import { logger, retention, usual } from './testing.ts'
import { holdsOf } from './use-keepers.ts'
import type { useQueues } from './use-queues.ts'

type Worker = { readonly close: () => Promise<void> }
type Answer = (delivery: Delivery) => Promise<Receipt>

/** All that a worker process does at a queue of LINE. */
function startWork(queue: string, answer: Answer, redis: Redis, holds: ReturnType<typeof holdsOf>): Worker {
  const parked = new ParkedDeliveries(queue, redis)
  const keeperOptions = { redis, parked, holds, findRevision: async () => 'r1', releasePerSecond: 1000, everyMs: 20 }
  const keeper = startParkingKeeper('line', queue, { ...keeperOptions, logger })
  const senders = new HeldSenders({ senders: sendersOf(holds), parked, probeMs: 3_600_000, logger })
  const worker = startDeliveryWorker(queue, answer, { ...usual, redis, senders })
  return {
    close: async () => {
      await worker.close()
      await keeper.close()
      await parked.close()
    },
  }
}

/** As the registry has them: what is laid on a sender holds it back. */
function sendersOf({ held }: ReturnType<typeof holdsOf>): Senders {
  return {
    findRevision: async () => 'r1',
    findHold: async (_account, sender) => held[sender],
    hold: async (_account, sender, hold) => (held[sender] = hold),
    release: async (_account, sender) => void delete held[sender],
  }
}

/** For tests: producers and workers of LINE, of any number of shards, on the same Redis. */
export function useLayouts(given: ReturnType<typeof useQueues>) {
  const holds = holdsOf({})
  return {
    /** The hold on each sender, by its id. */
    held: holds.held,
    produce: (shards: number): DeliveryQueues => {
      const queues = new DeliveryQueues(['line'], given.redis(), retention, shards)
      given.afterTest(() => queues.close())
      return queues
    },
    /** A worker that looks at the record so often that nobody has to wait for it. */
    take: (shards: number, answer: Answer, changes: Partial<TakeOptions<Worker>> = {}) => {
      const taken = takeQueues('line', {
        redis: given.redis(),
        logger,
        shards,
        take: { shards: 'all', others: true },
        retention,
        start: (queue) => startWork(queue, answer, given.redis(), holds),
        everyMs: 20,
        retireEveryMs: 20,
        ...changes,
      })
      given.afterTest(() => taken.close())
      return taken
    },
  }
}
