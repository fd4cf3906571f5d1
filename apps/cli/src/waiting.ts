/** Whoever waits longer than this is told what for. */
const patienceMs = 1000

const clearLine = '\r\u001B[K'

/** While something takes longer than a second, tells a person at a terminal what it is, and for how long already. */
export async function whileWaiting<Result>(what: string, work: Promise<Result>): Promise<Result> {
  if (!process.stderr.isTTY) return work
  const startedAt = performance.now()
  const told = setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    process.stderr.write(`${clearLine}${what} … ${seconds} s`)
  }, patienceMs)
  try {
    return await work
  } finally {
    clearInterval(told)
    if (performance.now() - startedAt > patienceMs) process.stderr.write(clearLine)
  }
}
