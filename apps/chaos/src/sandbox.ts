import { setTimeout as wait } from 'node:timers/promises'

import { z } from 'zod'

import type { LedgerEntry } from './books.ts'
import { type Answer, type Caller, openCaller } from './call.ts'
import { indexOf } from './load.ts'

/** It is frozen at times, and answers then once it goes on. */
const patienceMs = 20_000
const againMs = 200

const Text = z.object({ text: z.string(), metadata: z.string().optional() })
const Ledger = z.object({
  newest: z.number(),
  entries: z.array(
    z.object({
      sequence: z.number(),
      network: z.enum(['line', 'messenger']),
      via: z.string(),
      messages: z.array(z.unknown()),
      messageIds: z.array(z.string()),
      retryKey: z.string().optional(),
      at: z.number(),
    }),
  ),
})

/** The sandbox's control API, patiently: what it is told it hears in the end, or the call rejects. */
export class Sandbox {
  readonly #url: string
  readonly #caller: Caller = openCaller(64, patienceMs)

  constructor(url: string) {
    this.#url = `${url}/sandbox`
  }

  /** Makes a sender's credentials known, which are checked from then on. */
  async declare(sender: object): Promise<void> {
    await this.#post('/senders', sender)
  }

  /** A LINE reply token, as if this person had just written. */
  async replyToken(userId: string, lifetimeSeconds: number): Promise<string> {
    const { body } = await this.#post('/line/reply-tokens', { userId, lifetimeSeconds })
    return z.object({ replyToken: z.string() }).parse(body).replyToken
  }

  /** Lets every call that fits go wrong. Resolves with the way to mend it. */
  async fault(fault: object): Promise<() => Promise<void>> {
    const { body } = await this.#post('/faults', { ...fault, times: 0 })
    const { id } = z.object({ id: z.string() }).parse(body)
    return async () => {
      await this.#repeat(() => this.#caller.call('DELETE', `${this.#url}/faults/${id}`))
    }
  }

  async mendAll(): Promise<void> {
    await this.#repeat(() => this.#caller.call('DELETE', `${this.#url}/faults`))
  }

  /** The whole ledger, of the run's messages, by their index. */
  async ledger(): Promise<Map<number, LedgerEntry[]>> {
    const found = new Map<number, LedgerEntry[]>()
    for (let after = 0, newest = 1; after < newest;) {
      const { body } = await this.#repeat(() => this.#caller.call('GET', `${this.#url}/ledger?after=${after}`))
      const page = Ledger.parse(body)
      for (const entry of page.entries) {
        const message = Text.safeParse(entry.messages[0]).data
        const index = indexOf(message?.text ?? '')
        if (index === undefined) continue
        const { network, via, messageIds, at, retryKey: delivery = message?.metadata } = entry
        found.set(index, [...(found.get(index) ?? []), { index, network, via, delivery, messageIds, at }])
      }
      newest = page.newest
      after = page.entries.at(-1)?.sequence ?? newest
    }
    return found
  }

  close(): Promise<void> {
    return this.#caller.close()
  }

  async #post(path: string, body: object): Promise<Answer> {
    const answer = await this.#repeat(() => this.#caller.call('POST', this.#url + path, { body }))
    if (answer.status !== 201) throw new Error(`the sandbox refused ${path}: ${JSON.stringify(answer.body)}`)
    return answer
  }

  async #repeat(call: () => Promise<Answer>): Promise<Answer> {
    for (const deadline = Date.now() + patienceMs; ; await wait(againMs)) {
      try {
        return await call()
      } catch (error) {
        if (Date.now() > deadline) throw new Error('the sandbox does not answer', { cause: error })
      }
    }
  }
}
