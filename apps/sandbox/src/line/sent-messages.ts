/** A request as it was accepted: its messages, and the ids they got, in the same order. */
export type AcceptedRequest = {
  readonly requestId: string
  readonly messages: readonly { readonly type: string }[]
  readonly messageIds: readonly string[]
}

type SentMessage = { readonly id: string; readonly quoteToken?: string }

/** https://developers.line.biz/en/docs/messaging-api/get-quote-tokens/#get-quote-tokens-in-the-response */
const quotable = new Set(['text', 'textV2', 'sticker', 'image', 'video', 'template', 'flex'])

/** What an accepted request is answered, when it is accepted and whenever it is made again. */
export function toSentMessages({ messages, messageIds }: AcceptedRequest): SentMessage[] {
  return messageIds.map((id, place) =>
    quotable.has(messages[place]?.type ?? '')
      ? { id, quoteToken: Buffer.from(`quote ${id}`).toString('base64url') }
      : { id },
  )
}

/** Ids as LINE's own: decimal, above 2^53, so that whoever takes them for numbers gets them wrong. None is given twice. */
export function makeNextId(now: () => number): () => string {
  let last = 2n ** 58n + BigInt(now()) * 100_000n
  return () => {
    last += 1n
    return String(last)
  }
}
