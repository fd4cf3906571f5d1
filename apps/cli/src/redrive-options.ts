import { InvalidArgumentError } from '@commander-js/extra-typings'
import { DeferralReason, FailureReason, RefusalReason } from '@ott/delivery'
import { z } from 'zod'

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

const IsoTime = z.union([z.iso.datetime({ offset: true }), z.iso.date()])

/** For options' help. */
export const reasonNames = [...DeferralReason.options, ...RefusalReason.options].join(' ')

/** Reasons as options give them: separated by commas, or the option given again. */
export function toReasons(text: string, earlier: readonly FailureReason[] = []): FailureReason[] {
  const parsed = FailureReason.array()
    .nonempty()
    .safeParse(
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    )
  if (!parsed.success) throw new InvalidArgumentError(`There are: ${reasonNames}.`)
  return [...new Set([...earlier, ...parsed.data])]
}

/** A moment in milliseconds since 1970: so long ago, or as ISO-8601 has it. */
export function toTime(text: string): number {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd') return Date.now() - Number(number) * unitsMs[unit]
  if (IsoTime.safeParse(text).success) return Date.parse(text)
  throw new InvalidArgumentError(
    'It must be so long ago, as 90s, 30m, 2h or 7d, or a time with its zone, as 2026-11-23T09:30:00Z.',
  )
}
