import { setTimeout } from 'node:timers/promises'

/** Nothing waits so long that is well; a busy machine takes its time. */
const usualLimitMs = 30_000

/** Resolves as soon as the condition holds. Rejects when it still does not after half a minute, unless told otherwise. */
export async function untilTrue(condition: () => boolean | Promise<boolean>, limitMs = usualLimitMs): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`after ${limitMs / 1000} s still not true: ${String(condition)}`)
    await setTimeout(20)
  }
}

const tickMs = 10

/**
 * Milliseconds until the work is done, on a clock that stands still while this process does not get to run: a limit holds for
 * what was waited for, however busy the machine is.
 */
export async function durationOf(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0
  const ticking = setInterval(() => (ticks += 1), tickMs)
  await work().finally(() => clearInterval(ticking))
  return ticks * tickMs
}

/** Keeps this process alive until the promise settles; a started program by itself does not. */
export async function stayFor<Result>(promise: Promise<Result>): Promise<Result> {
  const awake = setInterval(() => undefined, 60_000)
  return promise.finally(() => clearInterval(awake))
}
