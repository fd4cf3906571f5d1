import { count } from '@ott/runtime'
import { z } from 'zod'

/** How long finished deliveries, and with them their status, are kept: by age and by number, whichever ends first. */
export const RetentionEnvironment = z.object({
  RETAIN_SENT_HOURS: count(1).default(24).describe('how long deliveries that were sent are kept for their status'),
  RETAIN_SENT_COUNT: count(1)
    .default(1_000_000)
    .describe('how many deliveries that were sent are kept at most, in each queue'),
  RETAIN_FAILED_HOURS: count(1)
    .default(7 * 24)
    .describe('how long deliveries that failed are kept: to be looked at, and redriven'),
  RETAIN_FAILED_COUNT: count(1)
    .default(1_000_000)
    .describe('how many deliveries that failed are kept at most, in each queue'),
  RETAIN_KEY_HOURS: count(1)
    .optional()
    .describe(
      'how long a `messageKey` finds its message: a day longer than it is kept, unless set; less saves memory at high volume',
    ),
})

export type Retention = z.infer<typeof RetentionEnvironment>

const hourSeconds = 60 * 60

/** Retention as BullMQ's worker takes it; ages in seconds. */
export function toKeepJobs(retention: Retention) {
  return {
    removeOnComplete: { age: retention.RETAIN_SENT_HOURS * hourSeconds, count: retention.RETAIN_SENT_COUNT },
    removeOnFail: { age: retention.RETAIN_FAILED_HOURS * hourSeconds, count: retention.RETAIN_FAILED_COUNT },
  }
}

/**
 * How long a client's key finds its delivery, in seconds: unless set otherwise as long as that is kept, and a day for what it
 * waited before. Of one that failed, or that waits for long, at least as long as it is kept.
 */
export function keyLifetimes(retention: Retention) {
  return {
    sentSeconds: (retention.RETAIN_KEY_HOURS ?? retention.RETAIN_SENT_HOURS + 24) * hourSeconds,
    failedSeconds: (Math.max(retention.RETAIN_SENT_HOURS, retention.RETAIN_FAILED_HOURS) + 24) * hourSeconds,
  } as const
}
