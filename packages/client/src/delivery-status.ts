import type { SendRequest } from './send-request.ts'

type At<Event extends string> = { readonly event: Event; readonly eventDateTime: string }

/** The network took it, which does not mean that a person saw it. */
export type SentEvent = At<'Sent'> & {
  /** The way it went: `reply`, `push` or `send`. */
  readonly via: string
  /** The network's ids of the messages, in the order of the contents. */
  readonly messageIds: readonly string[]
  /** The network's own id of the call, for its support desk. */
  readonly requestId?: string
  /** False when the network never said so, and all points to it. */
  readonly confirmed?: false
}

/** It was given up, for this reason. */
export type ErrorEvent = At<'Error'> & {
  readonly message: string
  readonly errorcode: number
  /** One word: `recipient`, `credentials`, `expired` … */
  readonly reason: string
  /** How many attempts were made. */
  readonly attempts: number
  /** Whether the network may have taken it all the same. */
  readonly inDoubt?: true
}

/** One thing that happened to a delivery. `eventDateTime` is an ISO 8601 time in UTC. */
export type StatusEvent =
  | At<'Created' | 'Queued' | 'Redriven'>
  /** Its sender is held back by the network, and it waits. */
  | (At<'Parked'> & { readonly reason: string; readonly message: string })
  | SentEvent
  | ErrorEvent

/** One attempt that was made. */
export type AttemptRecord = {
  readonly attemptDateTime: string
  readonly outcome: 'accepted' | 'deferred' | 'refused' | 'interrupted'
  readonly reason?: string
  readonly message?: string
  readonly requestId?: string
}

/** What has become of a delivery, oldest first. Unless the last event is `Sent` or `Error` it is under way. */
export type DeliveryStatus = {
  readonly requestBody: SendRequest & { readonly ottRequestId: string; readonly validUntil?: string }
  readonly status: readonly StatusEvent[]
  readonly attempts: readonly AttemptRecord[]
  /** When the next one comes, while it waits for that. */
  readonly nextAttemptDateTime?: string
}

/** A delivery that the network has taken: `sent` is the last of its events. */
export type SentStatus = DeliveryStatus & { readonly sent: SentEvent }
