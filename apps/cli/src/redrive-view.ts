import type { RedriveTally } from '@ott/queue'

import { toTable } from './print.ts'

const skipWords = {
  expired: 'whose validity is over',
  ambiguous: 'that may have reached the person (--include-ambiguous takes these in)',
  unreadable: 'whose job cannot be read',
  taken: 'that were redriven or removed by others meanwhile',
} as const

const noneLooked = 'No delivery failed in that time, on the networks that were named: there is nothing to redrive.'

/** What a count came to, for people. */
export function toCountText(tally: RedriveTally): string {
  const total = tally.looked === 0 ? noneLooked : `${deliveries(tally.redriven)} would be redriven.`
  return [...byReason(tally), ...skipped(tally), total].join('\n')
}

/** What a redrive did, for people. */
export function toText(tally: RedriveTally, interrupted: boolean): string {
  const total = interrupted
    ? `Interrupted: ${deliveries(tally.redriven)} redriven. The same command goes on with the others.`
    : `${deliveries(tally.redriven)} redriven.`
  return [...byReason(tally), ...skipped(tally), total].join('\n')
}

/** `3 deliveries`. */
export function deliveries(count: number): string {
  return count === 1 ? '1 delivery' : `${count} deliveries`
}

function byReason(tally: RedriveTally): string[] {
  const rows = Object.entries(tally.byReason)
    .toSorted(([, one], [, other]) => other - one)
    .map(([reason, count]) => [reason, String(count)])
  return rows.length === 0 ? [] : [toTable(['FAILED FOR', 'DELIVERIES'], rows)]
}

function skipped(tally: RedriveTally): string[] {
  const words = new Map(Object.entries(skipWords))
  return Object.entries(tally.skipped).map(
    ([why, count]) => `Left as ${count === 1 ? 'it is' : 'they are'}: ${count} ${words.get(why)}.`,
  )
}
