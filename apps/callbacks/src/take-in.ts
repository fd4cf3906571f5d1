import type { CallbackJob, CallbackQueues, Ended } from '@ott/queue'
import { type Callback, type CallbackRegistry, isTold } from '@ott/registry'
import type { Logger } from '@ott/runtime'
import { toCallbackEvent } from '@ott/wire'

export type TakeInOptions = {
  readonly registry: CallbackRegistry
  readonly queues: CallbackQueues
  /** A callback for which more events than this would wait is disabled. */
  readonly backlogMax: number
  readonly logger: Logger
}

type Due = { readonly callback: Callback; readonly events: CallbackJob[] }

/** A way to queue, for the callbacks of the accounts that have one, what has become of deliveries. */
export function makeTakeIn({ registry, queues, backlogMax, logger }: TakeInOptions) {
  return async (ended: readonly Ended[]): Promise<void> => {
    for (const { callback, events } of await dueOf(ended, registry)) {
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

async function dueOf(ended: readonly Ended[], registry: CallbackRegistry): Promise<readonly Due[]> {
  const due = new Map<string, Due>()
  for (const { what, history } of ended) {
    const callback = await registry.find(history.delivery.account)
    const event = callback === undefined ? undefined : toCallbackEvent(history, what, callback)
    if (callback === undefined || event === undefined || !isTold(callback, event)) continue
    const known = due.get(callback.id) ?? { callback, events: [] }
    known.events.push(event)
    due.set(callback.id, known)
  }
  return [...due.values()]
}

/** From when on what becomes of deliveries is wanted by any callback, in milliseconds since 1970. */
export async function wantedSince(registry: CallbackRegistry): Promise<number | undefined> {
  const enabled = (await registry.all()).filter(({ disabled }) => disabled === undefined)
  return enabled.length === 0 ? undefined : Math.min(...enabled.map(({ since }) => since))
}
