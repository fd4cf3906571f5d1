import { ChangingLine, faint, print } from '@ott/local'

const everyMs = { terminal: 500, plain: 10_000 } as const

/** Says now and then how far a run has come: in one line that is written anew on a terminal, in lines elsewhere. */
export class Progress {
  readonly #terminal = process.stdout.isTTY
  #timer: NodeJS.Timeout | undefined
  readonly #line = new ChangingLine()

  /** A new stage, of which `tell` says how far it is. */
  stage(tell: () => string): void {
    this.end()
    const show = (): void => {
      if (this.#terminal) this.#line.show(tell())
      else print(tell())
    }
    this.#timer = setInterval(show, this.#terminal ? everyMs.terminal : everyMs.plain)
  }

  /** A line that stays, above the one that changes. */
  note(line: string): void {
    this.#line.wipe()
    print(faint(line))
  }

  end(): void {
    clearInterval(this.#timer)
    this.#line.wipe()
  }
}
