/**
 * How long a callback waits before attempts 2, 3, 4 …, in seconds: the schedule of Standard Webhooks, three days in all.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
 */
const waitsSeconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const

/** A callback has failed after so many attempts. */
export const callbackAttemptsMax = waitsSeconds.length + 1

/** No endpoint's word is taken to mean more than this. */
const retryAfterMaxMs = 24 * 60 * 60 * 1000

/**
 * The wait before a callback's next attempt, in milliseconds: as the schedule has it, or longer where the endpoint asks for that.
 * Up to a tenth is added by chance, so that those of one outage do not come back together.
 */
export function callbackWaitMs(attempts: number, askedMs = 0, chance: () => number = Math.random): number {
  const scheduledMs = (waitsSeconds[attempts - 1] ?? waitsSeconds.at(-1) ?? 0) * 1000
  return Math.round(Math.max(scheduledMs, Math.min(askedMs, retryAfterMaxMs)) * (1 + chance() / 10))
}

/** The first pause of an endpoint that fails, and the longest; each is twice the one before. */
const [pauseMs, pauseMaxMs] = [1000, 60_000]

/** For how many milliseconds an endpoint is left alone after so many failures in a row. */
export function endpointPauseMs(failures: number, askedMs = 0): number {
  return Math.max(Math.min(pauseMs * 2 ** (failures - 1), pauseMaxMs), Math.min(askedMs, retryAfterMaxMs))
}
