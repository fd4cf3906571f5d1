import { CannotAttempt, HeldSenders, ParkedDeliveries, startParkingKeeper } from '@ott/queue'
import { type SenderHolds, type SenderRegistry, UnknownKey } from '@ott/registry'
import type { Logger, Redis } from '@ott/runtime'
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
  async function findRevision(account: string, id: string): Promise<string | undefined> {
    const sender = await registry.find(account, network, id)
    return sender?.active ? sender.revision : undefined
  }
  const keeper = startParkingKeeper(network, queue, {
    redis,
    parked,
    holds,
    findRevision,
    logger,
    releasePerSecond: environment.PARKING_RELEASE_PER_SECOND,
  })
  const held = new HeldSenders({
    parked,
    logger,
    probeMs: environment.PARKING_PROBE_SECONDS * 1000,
    senders: {
      findRevision: (account, id) => findRevision(account, id).catch(rethrow),
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

/** A worker without the key to a sender's secrets leaves its deliveries to one that has it. */
function rethrow(error: unknown): never {
  if (error instanceof UnknownKey) throw new CannotAttempt(error.message, { cause: error })
  throw error
}
