import { z } from 'zod'

import { own } from './messages.ts'

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Ten years, with every leap day that can be in them: longer than that nothing is kept, so that it can only be a mistake. */
const longestMs = 3653 * dayMs

const unitMs = { seconds: secondMs, minutes: minuteMs, hours: hourMs, days: dayMs } as const

/** What a validity that is a bare number counts. */
export const ValidityUnit = z.enum(['seconds', 'minutes', 'hours', 'days'], 'must be seconds, minutes, hours or days')
export type ValidityUnit = z.infer<typeof ValidityUnit>

/** How long a client says a message is worth delivering: in its own words, and where they mean anything, in milliseconds. */
type Validity = { readonly text: string; readonly lastsMs: number | undefined }

const bareNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const likeDuration = /^[+-]?p/i

/**
 * A duration of ISO 8601. More liberal than the standard, which knows no sign and no weeks beside days, and a fraction only of the
 * last part: what is meant is clear all the same.
 */
const duration = new RegExp(
  String.raw`^(?<sign>[+-]?)P(?=\d|T\d)${part('years', 'Y')}${part('months', 'M')}${part('weeks', 'W')}${part('days', 'D')}` +
    String.raw`(?:T(?=\d)${part('hours', 'H')}${part('minutes', 'M')}${part('seconds', 'S')})?$`,
  'i',
)

function part(name: string, letter: string): string {
  return String.raw`(?:(?<${name}>\d+(?:[.,]\d+)?)${letter})?`
}

/**
 * Reads a validity period: an ISO 8601 duration, or a number of this unit. The original documents the property as a text and
 * does nothing with it, so that its clients send what they like: what is neither is taken, and means nothing.
 */
export function validity(unit: ValidityUnit | undefined) {
  return z.transform((text: string, context): Validity => {
    const { lastsMs, problem = whyNotFor(lastsMs) } = read(text.trim(), unit)
    if (problem === undefined) return { text, lastsMs }
    context.addIssue(problem)
    return z.NEVER
  })
}

/** How long that is, if it means anything, or what is wrong with it. */
function read(text: string, unit: ValidityUnit | undefined): { readonly lastsMs?: number; readonly problem?: string } {
  if (bareNumber.test(text)) return unit === undefined ? {} : { lastsMs: Math.ceil(Number(text) * unitMs[unit]) }
  if (!likeDuration.test(text)) return {}
  const parts = duration.exec(text)?.groups
  if (parts === undefined) return { problem: own.validityNoDuration }
  if (parts['years'] !== undefined || parts['months'] !== undefined) return { problem: own.validityCalendar }
  const lastsMs =
    toNumber(parts['weeks']) * 7 * dayMs +
    toNumber(parts['days']) * dayMs +
    toNumber(parts['hours']) * hourMs +
    toNumber(parts['minutes']) * minuteMs +
    toNumber(parts['seconds']) * secondMs
  return { lastsMs: Math.ceil(parts['sign'] === '-' ? -lastsMs : lastsMs) }
}

/** A comma is as good as a point. */
function toNumber(given = '0'): number {
  return Number(given.replace(',', '.'))
}

function whyNotFor(lastsMs: number | undefined): string | undefined {
  if (lastsMs === undefined) return undefined
  if (lastsMs <= 0) return own.validityNone
  return lastsMs > longestMs ? own.validityLong : undefined
}
