import { type Program, startProgram } from '@ott/local'
import { Pool } from 'undici'
import { z } from 'zod'

import type { Count } from './arrivals.ts'

const Arrived = z.array(z.number().nullable())
const Counted = z.object({ count: z.number(), firstAt: z.number(), lastAt: z.number() })

/** What is to be noted from now on, and how long each answer takes. */
export type NetworkStart = {
  readonly first?: number
  readonly length?: number
  readonly delayMs?: number
  /** Of the messages from this mark on it takes so many a second, and answers the others with 429. */
  readonly throttle?: { readonly from: number; readonly perSecond: number } | undefined
}

/** The network that both stacks deliver to: a process of its own, which costs next to nothing. */
export class NetworkDouble {
  readonly url: string
  readonly #program: Program
  readonly #pool: Pool

  private constructor(program: Program) {
    this.#program = program
    this.url = program.url
    this.#pool = new Pool(program.url, { connections: 1 })
  }

  static async open(): Promise<NetworkDouble> {
    const program = await startProgram({ name: 'network double', file: 'apps/bench/dist/network/main.js' })
    await program.untilReady()
    return new NetworkDouble(program)
  }

  /** Forgets what arrived. The times of messages with these marks are noted, of others only their number. */
  async start({ first = 0, length = 0, delayMs = 0, throttle }: NetworkStart = {}): Promise<void> {
    const throttled = throttle === undefined ? '' : `&throttledFrom=${throttle.from}&perSecond=${throttle.perSecond}`
    await this.#get(`/bench/start?first=${first}&length=${length}&delayMs=${delayMs}${throttled}`)
  }

  async count(): Promise<Count> {
    return Counted.parse(await this.#get('/bench/count'))
  }

  /** When each arrived, by its monotonic clock; `null` where it has not. */
  async arrivals(): Promise<readonly (number | null)[]> {
    return Arrived.parse(await this.#get('/bench/arrivals'))
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
    await this.#program.kill()
  }

  async #get(path: string): Promise<unknown> {
    const { body } = await this.#pool.request({ method: 'GET', path })
    return body.json()
  }
}
