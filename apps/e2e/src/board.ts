import { type Program, startProgram } from '@ott/local'
import { z } from 'zod'

import { runToEnd } from './client.ts'
import type { Environment } from './start-programs.ts'

const Queues = z.object({ queues: z.array(z.object({ name: z.string(), counts: z.record(z.string(), z.number()) })) })

const user = 'erin'

/** A board as it runs in production, and the only one who may log in to it. */
export class Board {
  readonly program: Program
  readonly #password: string
  #cookie = ''

  private constructor(program: Program, password: string) {
    this.program = program
    this.#password = password
  }

  static async start(env: Environment, password: string): Promise<Board> {
    const hash = await runToEnd('apps/board/dist/hash-password.js', {}, [], `${password}\n`)
    const program = await startProgram({
      name: 'board',
      file: 'apps/board/dist/main.js',
      env: { ...env, BOARD_USERS: `${user}:${hash.trim()}` },
    })
    await program.untilReady()
    return new Board(program, password)
  }

  /** Sends the form, with the right password unless another is given, and returns the answer's status. */
  async logIn(password = this.#password): Promise<number> {
    const { status, headers } = await fetch(`${this.program.url}/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: this.program.url },
      body: new URLSearchParams({ name: user, password }),
    })
    this.#cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return status
  }

  /** What the one who has logged in is shown. Rejects when nothing is. */
  async visit(path: string): Promise<string> {
    const response = await fetch(this.program.url + path, { headers: { cookie: this.#cookie } })
    if (response.status !== 200) throw new Error(`the board answers ${response.status} at ${path}`)
    return response.text()
  }

  /** Every queue there is, with how many deliveries it has of each state. */
  async queues() {
    return Queues.parse(JSON.parse(await this.visit('/api/queues'))).queues
  }
}
