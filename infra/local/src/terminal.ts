const coloured = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''

const paint = (code: number) => (text: string) => (coloured ? `\u001B[${code}m${text}\u001B[0m` : text)

/** Colours on a terminal, where NO_COLOR (https://no-color.org) does not forbid them; elsewhere the words as they are. */
export const bold = paint(1)
export const faint = paint(2)
export const red = paint(31)
export const green = paint(32)

/** Prints a line. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** A duration since a moment of `performance.now()`, in words: `0.4 s`, `12 s`. */
export function since(startedAt: number): string {
  const seconds = (performance.now() - startedAt) / 1000
  return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
}

/** Does the work, saying what and for how long; of work that fails, its caller tells. */
export async function step<Result>(label: string, work: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now()
  process.stdout.write(`${label} … `)
  const result = await work()
  print(since(startedAt))
  return result
}

const tellEveryMs = 1000

/** While the work is done, a terminal shows what it is and for how long already; nothing stays of it, and elsewhere nothing is printed. */
export async function whileWaiting<Result>(what: string, work: Promise<Result>): Promise<Result> {
  if (!process.stdout.isTTY) return work
  const startedAt = performance.now()
  const line = new ChangingLine()
  const show = (): void => line.show(`${what} … ${since(startedAt)}`)
  show()
  const told = setInterval(show, tellEveryMs)
  return work.finally(() => {
    clearInterval(told)
    line.wipe()
  })
}

/** One line of a terminal that is written anew each time. */
export class ChangingLine {
  #shown = false

  /** Cut to the terminal's width: of a line that is longer, only the end could be wiped. */
  show(text: string): void {
    process.stdout.write(`\r\u001B[K${text.slice(0, process.stdout.columns - 1)}`)
    this.#shown = true
  }

  /** Makes room for what stays. */
  wipe(): void {
    if (this.#shown) process.stdout.write('\r\u001B[K')
    this.#shown = false
  }
}
