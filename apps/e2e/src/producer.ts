import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

import type { Program } from '@ott/local'
import { untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { call } from './call.ts'
import type { Conversation } from './conversation.ts'

const Created = z.object({ ottRequestId: z.uuid() })

/** A delivery that was answered 201. Times are of `performance.now()`; repeats lie between them. */
export type Sent = {
  readonly id: string
  readonly conversation: Conversation
  readonly beganAt: number
  readonly answeredAt: number
}

export type ProducerOptions = {
  readonly token: string
  readonly conversations: readonly Conversation[]
  /** Between two requests of each of its four lines. */
  readonly pauseMs?: number
}

/** A producer as it should be: it moves on to another ingress when one does not answer, with the same key. */
export class Producer {
  readonly sent: Sent[] = []
  readonly #options: ProducerOptions
  readonly #ingresses: Program[] = []
  readonly #stop = new AbortController()
  #sending: Promise<unknown> = Promise.resolve()

  constructor(options: ProducerOptions) {
    this.#options = options
  }

  start(...ingresses: Program[]): void {
    this.#ingresses.push(...ingresses)
    const lines = Array.from({ length: 4 }, (_, line) => this.#keepSending(line))
    this.#sending = Promise.all(lines)
  }

  replace(old: Program, next: Program): void {
    this.#ingresses.splice(this.#ingresses.indexOf(old), 1, next)
  }

  /** Lets it go on for a while, so that what comes next comes in the middle of traffic, on a quick machine too. */
  async untilMoreAreSent(count: number): Promise<void> {
    const before = this.sent.length
    await untilTrue(() => this.sent.length > before + count)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#sending
  }

  async #keepSending(line: number): Promise<void> {
    const { conversations, pauseMs = 0 } = this.#options
    for (let count = line; !this.#stop.signal.aborted; count += 1) {
      const conversation = conversations[count % conversations.length]
      if (conversation === undefined) return
      const beganAt = performance.now()
      const id = await this.#send(conversation, count)
      this.sent.push({ id, conversation, beganAt, answeredAt: performance.now() })
      await setTimeout(pauseMs)
    }
  }

  async #send(conversation: Conversation, first: number): Promise<string> {
    const { token, pauseMs = 0 } = this.#options
    const body = { messageKey: randomUUID(), validityPeriod: 'PT1H', ...conversation.request() }
    const headers = { 'idempotency-key': randomUUID() }
    for (let attempt = first; ; attempt += 1) {
      const ingress = this.#ingresses[attempt % this.#ingresses.length]
      const url = `${ingress?.url}/ott/v1/send`
      const answer = await call('POST', url, body, token, headers).catch(() => undefined)
      if (answer?.status === 201) return Created.parse(answer.body).ottRequestId
      if (answer !== undefined && answer.status !== 503) throw new Error(JSON.stringify(answer))
      await setTimeout(pauseMs)
    }
  }
}
