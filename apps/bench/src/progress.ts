import { ChangingLine, faint, print } from '@ott/local'

/** Says what is being done: in one line that is written anew on a terminal, in lines elsewhere. */
export class Progress {
  readonly #startedAt = performance.now()
  readonly #terminal = process.stdout.isTTY
  readonly #line = new ChangingLine()

  tell(what: string): void {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000)
    const line = `${seconds} s: ${what}`
    if (this.#terminal) this.#line.show(line)
    else print(faint(line))
  }

  /** Makes room for what stays. */
  wipe(): void {
    this.#line.wipe()
  }
}
