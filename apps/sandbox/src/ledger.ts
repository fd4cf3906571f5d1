import type { RecentLog } from './recent-log.ts'

export type NetworkName = 'line' | 'messenger'

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
  readonly requestId?: string | undefined
  /** The fault it met, by name. */
  readonly fault?: string | undefined
  /** What was answered; `null` when the connection was cut. */
  readonly status: number | null
  /** Milliseconds since 1970. */
  readonly at: number
}

export type CallLog = RecentLog<ReceivedCall>
