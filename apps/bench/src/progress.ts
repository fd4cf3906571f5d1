import { faint, print } from '@ott/local'

/** Says what is being done: in one line that is written anew on a terminal, in lines elsewhere. */
export class Progress {
  readonly #startedAt = performance.now()
  readonly #terminal = process.stdout.isTTY
  #shown = false

  tell(what: string): void {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000)
    const line = `${seconds} s: ${what}`
    if (this.#terminal) process.stdout.write(`\r\u001B[K${line.slice(0, process.stdout.columns - 1)}`)
    else print(faint(line))
    this.#shown = this.#terminal
  }

  /** Makes room for what stays. */
  wipe(): void {
    if (this.#shown) process.stdout.write('\r\u001B[K')
    this.#shown = false
  }
}
