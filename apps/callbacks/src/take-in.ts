import type { CallbackQueues, Ended } from '@ott/queue'
import { type CallbackRegistry, isTold } from '@ott/registry'
import type { Logger } from '@ott/runtime'
import { eventsByCallback } from '@ott/wire'

export type TakeInOptions = {
  readonly registry: CallbackRegistry
  readonly queues: CallbackQueues
  /** A callback for which more events than this would wait is disabled. */
  readonly backlogMax: number
  readonly logger: Logger
}

/** A way to queue, for the callbacks of the accounts that have one, what has become of deliveries. */
export function makeTakeIn({ registry, queues, backlogMax, logger }: TakeInOptions) {
  return async (ended: readonly Ended[]): Promise<void> => {
    const due = await eventsByCallback(ended, (account) => registry.find(account), isTold)
    for (const { callback, events } of due) {
      if ((await queues.waiting(callback.id)) + events.length <= backlogMax) {
        await queues.add(callback.id, events)
        continue
      }
      await registry.disable(callback, 'backlog')
      const { account, id: callbackId } = callback
      const remedy = `once the endpoint keeps up: ott callback enable --account ${account}, then ott callback replay`
      logger.error({ account, callbackId, reason: 'backlog', backlogMax, remedy }, 'callback.disabled')
    }
  }
}

/** From when on what becomes of deliveries is wanted by any callback, in milliseconds since 1970. */
export async function wantedSince(registry: CallbackRegistry): Promise<number | undefined> {
  const enabled = (await registry.all()).filter(({ disabled }) => disabled === undefined)
  return enabled.length === 0 ? undefined : Math.min(...enabled.map(({ since }) => since))
}
