import { randomUUID } from 'node:crypto'

import { ExpiringMap } from '../expiring-map.ts'
import type { Mark } from '../ledger.ts'

/** So long a token's person is still known after it can no longer be used. */
const memoryMs = 20 * 60 * 1000

type IssuedToken = { readonly userId: string; readonly usableUntil: number; readonly mark: Mark; used: boolean }

/** A token as whoever asked for it gets it. `expiresAt` is milliseconds since 1970. */
export type ReplyToken = { readonly replyToken: string; readonly expiresAt: number }

/** Reply tokens: each is good for one reply, and not for long. https://developers.line.biz/en/reference/messaging-api/#send-reply-message */
export class ReplyTokens {
  readonly #issued: ExpiringMap<IssuedToken>
  readonly #now: () => number
  readonly #lifetimeMs: number
  #count = 0

  constructor(now: () => number, lifetimeMs: number) {
    this.#issued = new ExpiringMap(now, 1_000_000)
    this.#now = now
    this.#lifetimeMs = lifetimeMs
  }

  /** Issues one, as if the person had just written. */
  issue(userId: string, lifetimeMs = this.#lifetimeMs): ReplyToken {
    const replyToken = randomUUID().replaceAll('-', '')
    const expiresAt = this.#now() + lifetimeMs
    this.#count += 1
    const token = { userId, usableUntil: expiresAt, mark: `reply token ${this.#count}`, used: false }
    this.#issued.set(replyToken, token, lifetimeMs + memoryMs)
    return { replyToken, expiresAt }
  }

  /** Whom a reply with this token is for, usable or not. */
  userOf(replyToken: string): string | undefined {
    return this.#issued.get(replyToken)?.userId
  }

  /** What calls with this token are known by, in a log where the token itself has no place. */
  markOf(replyToken: string): Mark | undefined {
    return this.#issued.get(replyToken)?.mark
  }

  /** Uses it up. Returns whom the reply reaches; nobody when the token is unknown, used or expired. */
  use(replyToken: string): string | undefined {
    const token = this.#issued.get(replyToken)
    if (token === undefined || token.used || this.#now() >= token.usableUntil) return undefined
    token.used = true
    return token.userId
  }
}
