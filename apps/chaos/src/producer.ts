import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import { z } from 'zod'

import { type Api, isPassing } from './api.ts'
import type { AcceptedMessage, ProducerBook, UntakenMessage } from './books.ts'
import { type Caller, openCaller } from './call.ts'
import { type PlannedMessage, textOf } from './load.ts'
import type { Sandbox } from './sandbox.ts'
import type { MemberName } from './schedule.ts'

const Created = z.object({ ottRequestId: z.uuid() })

/** As a sound producer does it: it does not wait for an ingress that hangs, and never hammers one in trouble. */
const answerLimitMs = 3000
const backoffMs = { first: 50, longest: 1000 } as const

const clients = 6
const underWayMax = 128

/** An ingress that did not answer is spared for so long, if another is there. */
const restMs = 1000

/** A token that LINE takes this briefly is at times too old when its reply is made. */
const lifetimeSeconds = { fresh: 60, short: 0.3 } as const

export type ProducerOptions = {
  readonly api: Api
  readonly sandbox: Sandbox
  readonly load: Iterable<PlannedMessage>
  /** Messages a second. */
  readonly rate: number
}

type Taken = Pick<AcceptedMessage, 'id' | 'ingress' | 'answeredAt' | 'tries'>
type Untaken = Pick<UntakenMessage, 'why'>

/** Sends the whole load, each message until it is answered 201 or definitely not, and keeps the producer's book. */
export class Producer {
  readonly #options: ProducerOptions
  readonly #accepted = new Map<number, AcceptedMessage>()
  readonly #untaken: UntakenMessage[] = []
  /** Each with connections of its own. */
  readonly #callers: readonly Caller[] = Array.from({ length: clients }, () => openCaller(underWayMax, answerLimitMs))
  /** Until when each ingress is spared. */
  readonly #resting = new Map<MemberName, number>()
  #begun = 0
  #gaveUp = false

  constructor(options: ProducerOptions) {
    this.#options = options
  }

  get begun(): number {
    return this.#begun
  }

  get book(): ProducerBook {
    return { accepted: this.#accepted, untaken: this.#untaken }
  }

  /** Resolves when the last message has its answer. Who has fallen behind the rate catches up. */
  async run(): Promise<void> {
    const { load, rate } = this.#options
    const startedAt = performance.now()
    const underWay = new Set<Promise<void>>()
    for (const message of load) {
      const dueMs = startedAt + (message.index / rate) * 1000 - performance.now()
      if (dueMs > 0) await wait(dueMs)
      while (underWay.size >= clients * underWayMax) await Promise.race(underWay)
      if (this.#gaveUp) break
      this.#begun += 1
      const sent = this.#send(message).finally(() => underWay.delete(sent))
      underWay.add(sent)
    }
    await Promise.all(underWay)
  }

  /** What is not accepted by now never will be. */
  giveUp(): void {
    this.#gaveUp = true
  }

  async close(): Promise<void> {
    await Promise.all(this.#callers.map((caller) => caller.close()))
  }

  async #send(message: PlannedMessage): Promise<void> {
    const { index, repeat } = message
    const firstTriedAt = Date.now()
    const body = toBody(message, await this.#replyToken(message))
    const key = randomUUID()
    const also = repeat === 'at once' ? this.#post(body, key, index, 1) : undefined
    const first = await this.#post(body, key, index, 0)
    const second = repeat === 'afterwards' ? await this.#post(body, key, index, 1) : await also
    if ('why' in first) {
      this.#untaken.push({ message, why: first.why })
      return
    }
    const ids = second === undefined || 'why' in second ? [] : [second.id]
    const otherIds = ids.filter((id) => id !== first.id)
    this.#accepted.set(index, { message, idempotencyKey: key, firstTriedAt, ...first, otherIds })
  }

  /** Repeats the request with its key, at one ingress after the other, until the answer is definite. */
  async #post(body: object, key: string, index: number, hand: 0 | 1): Promise<Taken | Untaken> {
    const { api } = this.#options
    const caller = this.#callers[(index + hand) % clients]
    const firstTurn = index + Math.floor(index / clients) + hand
    let last = 'no answer'
    for (let tries = 1; !this.#gaveUp; tries += 1) {
      const turn = this.#awake(firstTurn + tries - 1)
      const answer = await api
        .call(turn, 'POST', '/ott/v1/send', { body, headers: { 'idempotency-key': key }, ...(caller && { caller }) })
        .catch(() => void this.#resting.set(api.ingress(turn).name, Date.now() + restMs))
      if (answer?.status === 201) {
        const { ottRequestId: id } = Created.parse(answer.body)
        return { id, ingress: api.ingress(turn).name, answeredAt: Date.now(), tries }
      }
      if (answer !== undefined) last = `${answer.status} ${JSON.stringify(answer.body)}`
      if (answer !== undefined && !isPassing(answer.status)) return { why: last }
      if (answer?.status === 401) api.forgetToken()
      const backoff = Math.min(backoffMs.first * 2 ** tries, backoffMs.longest)
      await wait(Math.min(answer?.retryAfterMs ?? backoff, backoffMs.longest))
    }
    return { why: `not accepted by the end of the run; the last answer was ${last}` }
  }

  /** That turn, or the next one where the ingress whose turn it is hangs or is away. */
  #awake(turn: number): number {
    const restsUntil = this.#resting.get(this.#options.api.ingress(turn).name) ?? 0
    return Date.now() < restsUntil ? turn + 1 : turn
  }

  async #replyToken({ replyToken, recipient }: PlannedMessage): Promise<string | undefined> {
    if (replyToken === undefined) return undefined
    // One that was never issued LINE refuses in the same words as one that is used up.
    if (replyToken === 'spent') return randomUUID().replaceAll('-', '')
    return this.#options.sandbox.replyToken(recipient, lifetimeSeconds[replyToken])
  }
}

function toBody(message: PlannedMessage, replyToken: string | undefined): object {
  const { index, network, sender, recipient, messagingType, validityPeriod } = message
  return {
    messageKey: `chaos-${index}`,
    from: { senderType: network, senderId: sender },
    to: { ottId: recipient, userReference: replyToken },
    message: {
      contents: [{ type: 'text', text: textOf(index) }],
      customKeys: messagingType === undefined ? [] : [{ messagingType }],
    },
    validityPeriod,
  }
}
