import type { RecentLog } from './recent-log.ts'

export type NetworkName = 'line' | 'messenger'

/**
 * What the calls of one delivery have in common, where they have anything: a push's retry key, the number of a reply's token (`reply token
 * 3`), a Messenger message's `metadata` or, where it has none, a digest of what it carries (`payload 3f2a…`).
 */
export type Mark = string

/** What one accepted call brought to one person. `messages` are the network's message objects as received. */
export type LedgerEntry = {
  readonly network: NetworkName
  readonly sender: string
  readonly recipient: string
  readonly via: 'reply' | 'push' | 'send'
  readonly messages: readonly unknown[]
  /** The ids answered, in the order of the messages. */
  readonly messageIds: readonly string[]
  readonly requestId?: string | undefined
  readonly retryKey?: string | undefined
  readonly mark?: Mark | undefined
  readonly notificationDisabled?: boolean | undefined
  readonly messagingType?: string | undefined
  readonly tag?: string | undefined
  readonly notificationType?: string | undefined
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Everything accepted, and nothing else. */
export type Ledger = RecentLog<LedgerEntry>

/** One call that a network received, accepted or not. Never a token or a secret. */
export type ReceivedCall = {
  readonly network: NetworkName
  /** `push`, `reply`, `token`, `send` … */
  readonly operation: string
  readonly sender?: string | undefined
  readonly recipient?: string | undefined
  readonly retryKey?: string | undefined
  readonly mark?: Mark | undefined
  readonly requestId?: string | undefined
  /** The fault it met, by name. */
  readonly fault?: string | undefined
  /** What was answered; `null` when the connection was cut. */
  readonly status: number | null
  /** When it came, and when it was answered, in milliseconds since 1970. */
  readonly arrivedAt: number
  readonly at: number
}

export type CallLog = RecentLog<ReceivedCall>

/** What a person wrote, here alone: no network tells anybody of it. */
export type WrittenMessage = {
  readonly network: NetworkName
  readonly person: string
  readonly text: string
  /** LINE's: what it may be replied to with, until `expiresAt` (milliseconds since 1970), and the mark of calls that try to. */
  readonly replyToken?: string
  readonly expiresAt?: number
  readonly mark?: Mark | undefined
  /** Milliseconds since 1970. */
  readonly at: number
}

export type WrittenLog = RecentLog<WrittenMessage>
