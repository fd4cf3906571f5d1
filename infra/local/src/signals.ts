/** npm passes on a Ctrl-C that the terminal has sent to all of us already: what comes that soon is the same one. */
const sameMs = 500

/** Calls `stop` when this program is asked to end, and `force` when it is asked again. */
export function onStopRequest(stop: () => void, force: () => void): void {
  let first: number | undefined
  const heed = (): void => {
    if (first === undefined) {
      first = performance.now()
      stop()
    } else if (performance.now() - first > sameMs) force()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, heed)
  if (process.env['npm_lifecycle_event'] !== undefined) onOrphaned(heed)
}

/** An npm that is killed outright passes nothing on; this program then gets another parent. */
function onOrphaned(heed: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    heed()
  }, 1000).unref()
}
