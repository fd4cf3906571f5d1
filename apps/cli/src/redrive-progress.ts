import progress from 'cli-progress'

/** Shows how far long work has come, on standard error: what it comes to is for standard output. */
export type Progress = {
  readonly update: (done: number) => void
  readonly end: (done: number) => void
}

/** Without a terminal there is a line as often as this. */
const lineEveryMs = 1000

/** A bar on a terminal, lines elsewhere, and nothing where `quiet`. `what` completes "3 of 10 …". */
export function showProgress(what: string, total: number, quiet: boolean): Progress {
  if (quiet) return { update: () => undefined, end: () => undefined }
  return process.stderr.isTTY ? bar(what, total) : lines(what, total)
}

function bar(what: string, total: number): Progress {
  const shown = new progress.SingleBar(
    {
      format: `{bar} {percentage} % · {value} of {total} ${what} · {eta_formatted} left`,
      hideCursor: true,
      clearOnComplete: true,
      // An interrupt ends the work, and the work the bar.
      gracefulExit: false,
    },
    progress.Presets.shades_classic,
  )
  shown.start(total, 0)
  return {
    update: (done) => shown.update(done),
    end: (done) => {
      shown.update(done)
      shown.stop()
    },
  }
}

function lines(what: string, total: number): Progress {
  let last = performance.now()
  const line = (done: number): boolean => process.stderr.write(`${done} of ${total} ${what}\n`)
  return {
    update: (done) => {
      if (performance.now() - last < lineEveryMs) return
      last = performance.now()
      line(done)
    },
    end: () => undefined,
  }
}
