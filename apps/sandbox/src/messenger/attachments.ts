import type { Answer } from '../call.ts'
import { ExpiringMap } from '../expiring-map.ts'
import { badParameter } from './graph-error.ts'
import type { Message } from './message-rules.ts'

/** https://developers.facebook.com/docs/messenger-platform/send-messages/saving-assets */
const lifetimeMs = 90 * 24 * 60 * 60 * 1000

type Kept = { readonly sender: string; readonly type: string }

/** What pages asked to be kept for later. An id given out elsewhere is taken as it is. */
export class Attachments {
  readonly #kept: ExpiringMap<Kept>
  #last: bigint

  constructor(now: () => number) {
    this.#kept = new ExpiringMap(now, 100_000)
    this.#last = BigInt(now()) * 1000n
  }

  /** Why the message may not use the attachment it names. */
  refusal(sender: string, { attachment }: Message): Answer | undefined {
    const id = attachment?.type === 'template' ? undefined : attachment?.payload.attachment_id
    const kept = id ? this.#kept.get(id) : undefined
    if (kept === undefined) return undefined
    if (kept.sender !== sender) return badParameter('Invalid attachment id', 2018074)
    return kept.type === attachment?.type ? undefined : badParameter('Attachment type does not match', 2018047)
  }

  /** Keeps what the message asks to be kept, and returns the id for it. */
  keep(sender: string, { attachment }: Message): string | undefined {
    if (attachment?.type === undefined || attachment.type === 'template') return undefined
    if (!attachment.payload.url || attachment.payload.is_reusable !== true) return undefined
    this.#last += 1n
    const id = String(this.#last)
    this.#kept.set(id, { sender, type: attachment.type }, lifetimeMs)
    return id
  }
}
