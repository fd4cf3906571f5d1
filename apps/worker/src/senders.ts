import type { Sender } from '@ott/delivery'
import { CannotAttempt, HeldSenders, ParkedDeliveries, startParkingKeeper } from '@ott/queue'
import { type SenderHolds, type SenderRegistry, UnknownKey } from '@ott/registry'
import type { Logger, NowOrLater, Redis } from '@ott/runtime'
import type { z } from 'zod'

import type { Environment } from './environment.ts'

/** What the work at a queue needs to know of senders. */
export type SendersOptions = {
  readonly registry: SenderRegistry
  readonly holds: SenderHolds
  readonly redis: Redis
  readonly logger: Logger
  readonly environment: z.output<typeof Environment>
}

/** A network's senders as the worker of one queue deals with them, and whoever lets their deliveries go that are parked in it. */
export function openSenders(
  network: string,
  queue: string,
  { registry, holds, redis, logger, environment }: SendersOptions,
) {
  const parked = new ParkedDeliveries(queue, redis)
  /** Known at once for nearly every delivery. */
  function findRevision(account: string, id: string): NowOrLater<string | undefined> {
    const found = registry.find(account, network, id)
    return found instanceof Promise ? found.then(toRevision, rethrow) : toRevision(found)
  }
  const keeper = startParkingKeeper(network, queue, {
    redis,
    parked,
    holds,
    findRevision: async (account, id) => toRevision(await registry.find(account, network, id)),
    logger,
    releasePerSecond: environment.PARKING_RELEASE_PER_SECOND,
  })
  const held = new HeldSenders({
    parked,
    logger,
    probeMs: environment.PARKING_PROBE_SECONDS * 1000,
    senders: {
      findRevision,
      findHold: (account, id) => holds.find(account, network, id),
      hold: (account, id, hold) => holds.put(account, network, id, hold),
      release: (account, id, hold) => holds.removeIfSame(account, network, id, hold),
    },
  })
  const close = async (): Promise<void> => {
    await keeper.close()
    await parked.close()
  }
  return { held, close }
}

function toRevision(sender: Sender | undefined): string | undefined {
  return sender?.active ? sender.revision : undefined
}

/** A worker without the key to a sender's secrets leaves its deliveries to one that has it. */
function rethrow(error: unknown): never {
  if (error instanceof UnknownKey) throw new CannotAttempt(error.message, { cause: error })
  throw error
}
