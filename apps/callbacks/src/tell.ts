import type { Exchange } from '@ott/delivery'
import type { CallbackJob, TellEvent } from '@ott/queue'
import type { Callback, CallbackRegistry } from '@ott/registry'
import type { Logger } from '@ott/runtime'

import type { CallbackMetrics } from './metrics.ts'
import { type Posted, post } from './post.ts'
import { signedHeaders } from './signed-headers.ts'

/** What telling works with. */
export type TellOptions = {
  readonly registry: CallbackRegistry
  readonly exchange: Exchange
  readonly timeoutMs: number
  /** A callback to which nothing has arrived for so long is disabled. */
  readonly disableAfterMs: number
  readonly metrics: Pick<CallbackMetrics, 'posted'>
  readonly logger: Logger
}

const gone = 410

/** A way to tell an account's callback of events: signs, POSTs, remembers whether it arrived, and logs one line. */
export function makeTell({ account, id }: Pick<Callback, 'account' | 'id'>, options: TellOptions): TellEvent {
  const { registry, exchange, timeoutMs, metrics, logger } = options
  return async (event, { attempt, final }) => {
    const callback = await registry.find(account)
    if (callback === undefined || callback.id !== id || callback.disabled !== undefined)
      return { outcome: 'failed', message: 'the callback was removed or disabled' }
    const startedAt = performance.now()
    const { url } = callback
    const headers = signedHeaders(event, await registry.secretsOf(account), new Date())
    const posted = await post(exchange, { url, headers, body: event.body, timeoutMs })
    const durationMs = Math.round(performance.now() - startedAt)
    metrics.posted(posted.told.outcome, durationMs)
    logLine(logger, { account, callbackId: id, host: new URL(url).host, attempt, durationMs }, { event, posted, final })
    await remember(callback, posted, options)
    return posted.told
  }
}

/** One wide line for each attempt: neither the body nor the URL, whose query may hold a secret. */
function logLine(
  logger: Logger,
  seen: object,
  { event, posted: { told, status }, final }: { event: CallbackJob; posted: Posted; final: boolean },
): void {
  const line = { eventId: event.id, type: event.type, ...seen, status }
  if (told.outcome === 'arrived') logger.info(line, 'callback.delivered')
  else logger.warn({ ...line, reason: told.message, final }, 'callback.failed')
}

async function remember(
  callback: Callback,
  { told, status }: Posted,
  { registry, disableAfterMs, logger }: TellOptions,
): Promise<void> {
  if (told.outcome === 'arrived') {
    if (callback.failing !== undefined) await registry.note(callback)
    return
  }
  const noted = callback.failing === undefined ? await registry.note(callback, told.message) : callback
  const failingMs = Date.now() - (noted?.failing?.since ?? Infinity)
  if (status !== gone && failingMs < disableAfterMs) return
  const reason = status === gone ? 'gone' : 'failing'
  await registry.disable(callback, reason)
  const remedy = `once the endpoint is well: ott callback enable --account ${callback.account}`
  logger.error({ account: callback.account, callbackId: callback.id, reason, remedy }, 'callback.disabled')
}
