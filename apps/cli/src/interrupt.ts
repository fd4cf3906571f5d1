/** As a shell reports a program that SIGINT ended. */
export const interruptedCode = 130

/** Does something that an interrupt ends in order. */
export async function untilInterrupted<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const interrupt = new AbortController()
  const abort = (): void => interrupt.abort()
  // Once: a second interrupt ends the program at once, which does no harm either.
  process.once('SIGINT', abort)
  try {
    return await work(interrupt.signal)
  } finally {
    process.off('SIGINT', abort)
  }
}
