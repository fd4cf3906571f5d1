import { DeliveryFailed, DeliveryUnderWay } from './delivery-errors.ts'
import type { DeliveryStatus, SentStatus } from './delivery-status.ts'
import { pause } from './retries.ts'

/** For how long, and until when, a delivery is waited for. */
export type WaitOptions = {
  /** Not longer than this; a minute unless said otherwise. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

type ReadStatus = (signal: AbortSignal) => Promise<DeliveryStatus>

const usualTimeoutMs = 60_000

/** Most deliveries are sent within a tenth of a second; one that is not may take long. */
const firstWaitMs = 100
const longestWaitMs = 5000

/**
 * Asks for a delivery's status until it is sent. Rejects with a DeliveryFailed when it has ended in Error, with a DeliveryUnderWay when
 * the time is over, and with what reading the status rejects with.
 */
export async function waitUntilSent(
  read: ReadStatus,
  { timeoutMs = usualTimeoutMs, signal }: WaitOptions,
): Promise<SentStatus> {
  const limit = AbortSignal.timeout(timeoutMs)
  const until = signal === undefined ? limit : AbortSignal.any([signal, limit])
  let seen: DeliveryStatus | undefined
  try {
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 1.5)) {
      seen = await read(until)
      const last = seen.status.at(-1)
      if (last?.event === 'Sent') return { ...seen, sent: last }
      if (last?.event === 'Error') throw new DeliveryFailed(last, seen)
      await pause(waitMs * (0.5 + Math.random() / 2), until)
    }
  } catch (error) {
    throw error === limit.reason ? new DeliveryUnderWay(timeoutMs, seen) : error
  }
}
