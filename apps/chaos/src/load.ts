import { seeded } from './random.ts'
import type { NetworkName } from './schedule.ts'

/** One of a run's senders. `strict`: they would rather see an Error than a message that may come twice, or be unconfirmed. */
export type Sender = { readonly id: string; readonly strict: boolean }

export const senders: Readonly<Record<NetworkName, readonly [Sender, Sender, Sender]>> = {
  line: [
    { id: '2000000001', strict: false },
    { id: '2000000002', strict: false },
    { id: '2000000003', strict: true },
  ],
  messenger: [
    { id: '300000000000001', strict: false },
    { id: '300000000000002', strict: false },
    { id: '300000000000003', strict: true },
  ],
}

/** One message that the producer is to send. */
export type PlannedMessage = {
  /** Counted from 0: the message's mark in its text, by which the ledger tells it again. */
  readonly index: number
  readonly network: NetworkName
  readonly sender: string
  /** Whether its sender goes by at most once. */
  readonly strict: boolean
  readonly recipient: string
  readonly validityPeriod: string
  /** LINE: what is to be had of a reply token. `spent` is one that LINE no longer takes. */
  readonly replyToken?: 'fresh' | 'short' | 'spent'
  /** Messenger: why it may be sent. */
  readonly messagingType?: 'RESPONSE' | 'UPDATE'
  /** A producer that lost what it was answered sends again later; one with two hands, at the same moment. */
  readonly repeat?: 'afterwards' | 'at once'
}

export type LoadOptions = {
  readonly seed: number
  readonly count: number
  /** Which share of Messenger's messages goes by at most once. */
  readonly atMostOnce: number
  /** How long most messages are worth delivering. */
  readonly validitySeconds: number
}

const people = 500

/** Shares of the whole, or of what the name says. */
const shares = { line: 0.55, lineReply: 0.4, briefValidity: 0.1, repeated: 0.03, lineStrict: 0.3 } as const

/** The messages of a run, in the order in which they are sent: the same for the same options. */
export function* planLoad({ seed, count, atMostOnce, validitySeconds }: LoadOptions): Generator<PlannedMessage> {
  const random = seeded(seed, 1)
  for (let index = 0; index < count; index += 1) {
    const network = random.chance(shares.line) ? 'line' : 'messenger'
    const strict = random.chance(network === 'line' ? shares.lineStrict : atMostOnce)
    const [one, other, ownWay] = senders[network]
    const sender = strict ? ownWay : random.pick([one, other])
    const person = random.int(1, people)
    const replies = network === 'line' && random.chance(shares.lineReply)
    yield {
      index,
      network,
      strict,
      sender: sender.id,
      recipient: network === 'line' ? `U${person.toString(16).padStart(32, '0')}` : `6000000000${person}`,
      validityPeriod: random.chance(shares.briefValidity) ? 'PT20S' : `PT${validitySeconds}S`,
      ...(replies && { replyToken: random.pick(['fresh', 'fresh', 'fresh', 'fresh', 'short', 'spent']) }),
      ...(network === 'messenger' && { messagingType: random.pick(['RESPONSE', 'UPDATE']) }),
      ...(random.chance(shares.repeated) && { repeat: random.pick(['afterwards', 'at once']) }),
    }
  }
}

/** What a message says: its mark, and nothing else has it. */
export function textOf(index: number): string {
  return `Chaos message ${index}.`
}

/** Which message it is that says so. `undefined` for what is none of the run's. */
export function indexOf(text: string): number | undefined {
  const digits = /^Chaos message (\d+)\.$/.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
