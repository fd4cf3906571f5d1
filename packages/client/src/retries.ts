import { setTimeout as wait } from 'node:timers/promises'

import { OttError } from './ott-error.ts'

/** How often, and how soon, a call that may well go through later is repeated. */
export type RetryOptions = {
  /** So many times after the first; 5 unless said otherwise. */
  readonly retries?: number
  /** Before the first repeat, 250 unless said otherwise; before each further one twice as long. In fact something between half of it and all. */
  readonly firstWaitMs?: number
  /** No wait is longer; 30,000 unless said otherwise. A server that asks for a longer one is not called again. */
  readonly longestWaitMs?: number
}

/** Waits before the repeat of this number, counted from 0. Rejects with `error` where there is to be none. */
type BeforeRepeat = (error: OttError, repeat: number, signal?: AbortSignal) => Promise<void>

/** Repeats calls. */
export type Retries = {
  readonly beforeRepeat: BeforeRepeat
  /** Makes a call until it is answered for good. Rejects with the last error. */
  readonly repeat: <Result>(call: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>
}

/** Repeats calls as these options say. */
export function createRetries({ retries = 5, firstWaitMs = 250, longestWaitMs = 30_000 }: RetryOptions): Retries {
  const beforeRepeat: BeforeRepeat = async (error, repeat, signal) => {
    const { retryable, retryAfterMs = 0 } = error
    if (!retryable || repeat >= retries || retryAfterMs > longestWaitMs) throw error
    const own = Math.min(longestWaitMs, firstWaitMs * 2 ** repeat)
    // Jitter, on top of what the server asked for too: else all who were refused together come back together.
    const waitMs = retryAfterMs + own * (0.5 + Math.random() / 2)
    await pause(waitMs, signal)
  }
  return {
    beforeRepeat,
    repeat: async (call, signal) => {
      for (let repeat = 0; ; repeat += 1)
        try {
          return await call()
        } catch (error) {
          if (!(error instanceof OttError)) throw error
          await beforeRepeat(error, repeat, signal)
        }
    },
  }
}

/** Waits. Rejects with the signal's own reason when it is aborted meanwhile. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await wait(ms, undefined, { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
