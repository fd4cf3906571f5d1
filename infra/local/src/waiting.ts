import { setTimeout } from 'node:timers/promises'

const usualLimitMs = 10_000

/** Resolves as soon as the condition holds. Rejects when it still does not after ten seconds, unless told otherwise. */
export async function untilTrue(condition: () => boolean | Promise<boolean>, limitMs = usualLimitMs): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`after ${limitMs / 1000} s still not true: ${String(condition)}`)
    await setTimeout(20)
  }
}

/** Keeps this process alive until the promise settles; a started program by itself does not. */
export async function stayFor<Result>(promise: Promise<Result>): Promise<Result> {
  const awake = setInterval(() => undefined, 60_000)
  return promise.finally(() => clearInterval(awake))
}
