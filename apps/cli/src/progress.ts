import progress from 'cli-progress'

/** Shows how far long work has come, on standard error: what it comes to is for standard output. */
export type Progress = {
  readonly update: (done: number) => void
  readonly end: (done: number) => void
}

export type ProgressOptions = {
  /** What `done` grows to. */
  readonly total: number
  /** How far it has come, for people: `3 of 10 redriven`. */
  readonly words: (done: number) => string
  /** Shows nothing. */
  readonly quiet: boolean
}

/** Without a terminal there is a line as often as this. */
const lineEveryMs = 1000

/** A bar on a terminal, lines elsewhere, and nothing where `quiet`. */
export function showProgress(options: ProgressOptions): Progress {
  if (options.quiet || options.total === 0) return { update: () => undefined, end: () => undefined }
  return process.stderr.isTTY ? bar(options) : lines(options)
}

function bar({ total, words }: ProgressOptions): Progress {
  const shown = new progress.SingleBar(
    {
      format: '{bar} {percentage} % · {words} · {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
      // An interrupt ends the work, and the work the bar.
      gracefulExit: false,
    },
    progress.Presets.shades_classic,
  )
  shown.start(total, 0, { words: words(0) })
  const update = (done: number): void => shown.update(done, { words: words(done) })
  return {
    update,
    end: (done) => {
      update(done)
      shown.stop()
    },
  }
}

function lines({ words }: ProgressOptions): Progress {
  let last = performance.now()
  return {
    update: (done) => {
      if (performance.now() - last < lineEveryMs) return
      last = performance.now()
      process.stderr.write(`${words(done)}\n`)
    },
    end: () => undefined,
  }
}
