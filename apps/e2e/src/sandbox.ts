import { untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { call } from './call.ts'

const LedgerEntry = z.looseObject({
  network: z.string(),
  sender: z.string(),
  recipient: z.string(),
  via: z.string(),
  messages: z.array(z.unknown()),
  messageIds: z.array(z.string()),
  retryKey: z.string().optional(),
})
const Ledger = z.object({ entries: z.array(LedgerEntry) })
export type LedgerEntry = z.infer<typeof LedgerEntry>

const Calls = z.object({ calls: z.array(z.object({ operation: z.string(), status: z.number().nullable() })) })

/** The sandbox as a test uses it: the networks' own account of what reached them. */
export class Sandbox {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** What reached this person, oldest first. */
  async received(recipient: string): Promise<LedgerEntry[]> {
    const { body } = await call('GET', `${this.url}/sandbox/ledger?recipient=${recipient}`)
    return Ledger.parse(body).entries
  }

  /** The calls that a sender made, answered or not: `push 200`, `reply null`. */
  async calls(sender: string): Promise<string[]> {
    const { body } = await call('GET', `${this.url}/sandbox/calls?sender=${sender}`)
    return Calls.parse(body).calls.map(({ operation, status }) => `${operation} ${status}`)
  }

  /** Waits for such a call of the sender. */
  async untilCalled(sender: string, made: string): Promise<void> {
    await untilTrue(async () => (await this.calls(sender)).includes(made))
  }

  /** A LINE reply token, as if this person had just written. */
  async replyToken(userId: string): Promise<string> {
    const { body } = await call('POST', `${this.url}/sandbox/line/reply-tokens`, { userId })
    return z.object({ replyToken: z.string() }).parse(body).replyToken
  }

  /** Tells the networks a sender's credentials, which they then check. */
  async declare(sender: object): Promise<void> {
    const { status, body } = await call('POST', `${this.url}/sandbox/senders`, sender)
    if (status !== 201) throw new Error(`not declared: ${JSON.stringify(body)}`)
  }

  /** Waits until something has reached this person. */
  async untilReceived(recipient: string): Promise<void> {
    await untilTrue(async () => (await this.received(recipient)).length > 0)
  }

  /** Ends all faults. */
  async clearFaults(): Promise<void> {
    await call('DELETE', `${this.url}/sandbox/faults`)
  }

  /** Makes the next call that fits go wrong. */
  async fault(fault: object): Promise<void> {
    const { status, body } = await call('POST', `${this.url}/sandbox/faults`, fault)
    if (status !== 201) throw new Error(`no such fault: ${JSON.stringify(body)}`)
  }
}
