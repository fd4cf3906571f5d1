import { randomUUID } from 'node:crypto'

import { expect, test } from '@jest/globals'
import type { Program } from '@ott/local'
import { z } from 'zod'

import { call } from './call.ts'
import { aLineConversation, aMessengerConversation, type Conversation } from './conversation.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet()

/** Eight programs are started and four stopped, one after the other. */
const limitMs = 120_000

/** Ask at the same time what became of the deliveries. */
const readers = 10

async function expectAllSent(ids: Iterable<string>): Promise<void> {
  for (const id of ids) expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
}
const Created = z.object({ ottRequestId: z.uuid() })

/** A producer as it should be: it moves on to another ingress when one does not answer, with the same key. */
class Producer {
  readonly #ingresses: Program[] = []
  readonly #conversations: readonly Conversation[]
  readonly #stop = new AbortController()
  readonly ids: string[] = []
  #sending: Promise<unknown> = Promise.resolve()

  constructor(conversations: readonly Conversation[]) {
    this.#conversations = conversations
  }

  start(...ingresses: Program[]): void {
    this.#ingresses.push(...ingresses)
    const lines = Array.from({ length: 4 }, (_, line) => this.#keepSending(line))
    this.#sending = Promise.all(lines)
  }

  replace(old: Program, next: Program): void {
    this.#ingresses.splice(this.#ingresses.indexOf(old), 1, next)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#sending
  }

  async #keepSending(line: number): Promise<void> {
    for (let count = line; !this.#stop.signal.aborted; count += 1) {
      const conversation = this.#conversations[count % this.#conversations.length]
      if (conversation !== undefined) this.ids.push(await this.#send(conversation, count))
    }
  }

  async #send(conversation: Conversation, first: number): Promise<string> {
    const body = { messageKey: randomUUID(), validityPeriod: 'PT1H', ...conversation.request() }
    const headers = { 'idempotency-key': randomUUID() }
    for (let attempt = first; ; attempt += 1) {
      const ingress = this.#ingresses[attempt % this.#ingresses.length]
      const url = `${ingress?.url}/ott/v1/send`
      const answer = await call('POST', url, body, fleet().token, headers).catch(() => undefined)
      if (answer?.status === 201) return Created.parse(answer.body).ottRequestId
      if (answer !== undefined && answer.status !== 503) throw new Error(JSON.stringify(answer))
    }
  }
}

test(
  'a deploy of every program under load, one after the other, loses nothing and doubles nothing',
  async () => {
    const conversations = [await aLineConversation(fleet()), await aMessengerConversation(fleet())]
    const producer = new Producer(conversations)
    const second = await fleet().addIngress()
    producer.start(fleet().ingress, second)
    for (const network of ['line', 'messenger']) {
      await fleet().addWorker(network)
      await fleet().stopOne(fleet().worker(network))
    }
    for (const old of [second, fleet().ingress]) {
      const next = await fleet().addIngress()
      producer.replace(old, next)
      await fleet().stopOne(old)
      fleet().useIngress(next)
    }
    await producer.stop()
    expect(producer.ids.length).toBeGreaterThan(100)
    const ids = producer.ids.values()
    await Promise.all(Array.from({ length: readers }, () => expectAllSent(ids)))
    const received = await Promise.all(conversations.map(({ ottId }) => fleet().sandbox.received(ottId)))
    expect(received.flat()).toHaveLength(producer.ids.length)
  },
  limitMs,
)
