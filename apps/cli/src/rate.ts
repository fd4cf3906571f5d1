import { setTimeout as wait } from 'node:timers/promises'

import { InvalidArgumentError } from '@commander-js/extra-typings'

/** Deliveries a second. */
export function toRate(text: string): number {
  const [, number] = /^([1-9]\d{0,4})(?:\/s)?$/.exec(text) ?? []
  if (number === undefined) throw new InvalidArgumentError('It must be a whole number from 1 to 99999, as 50 or 50/s.')
  return Number(number)
}

/** Seconds to wait. */
export function toSeconds(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number of seconds of at least 1.')
  return Number(text)
}

/** Waits, so that a rate is kept; no longer than until the signal is aborted. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await wait(ms, undefined, { signal }).catch(() => undefined)
}
