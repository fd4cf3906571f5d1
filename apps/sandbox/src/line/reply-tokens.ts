import { randomUUID } from 'node:crypto'

import { ExpiringMap } from '../expiring-map.ts'

/** So long a token's person is still known after it can no longer be used. */
const memoryMs = 20 * 60 * 1000

type IssuedToken = { readonly userId: string; readonly usableUntil: number; used: boolean }

/** Reply tokens: each is good for one reply, and not for long. https://developers.line.biz/en/reference/messaging-api/#send-reply-message */
export class ReplyTokens {
  readonly #issued: ExpiringMap<IssuedToken>
  readonly #now: () => number
  readonly #lifetimeMs: number

  constructor(now: () => number, lifetimeMs: number) {
    this.#issued = new ExpiringMap(now, 1_000_000)
    this.#now = now
    this.#lifetimeMs = lifetimeMs
  }

  /** Issues one, as if the person had just written. `expiresAt` is milliseconds since 1970. */
  issue(userId: string, lifetimeMs = this.#lifetimeMs): { replyToken: string; expiresAt: number } {
    const replyToken = randomUUID().replaceAll('-', '')
    const expiresAt = this.#now() + lifetimeMs
    this.#issued.set(replyToken, { userId, usableUntil: expiresAt, used: false }, lifetimeMs + memoryMs)
    return { replyToken, expiresAt }
  }

  /** Whom a reply with this token is for, usable or not. */
  userOf(replyToken: string): string | undefined {
    return this.#issued.get(replyToken)?.userId
  }

  /** Uses it up. Returns whom the reply reaches; nobody when the token is unknown, used or expired. */
  use(replyToken: string): string | undefined {
    const token = this.#issued.get(replyToken)
    if (token === undefined || token.used || this.#now() >= token.usableUntil) return undefined
    token.used = true
    return token.userId
  }
}
