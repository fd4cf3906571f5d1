import { FailureReason } from '@ott/delivery'

/** Why a delivery did not go, and what the network or we said about it. */
export type Failure = { readonly reason: FailureReason; readonly message: string }

/** A failure as the job keeps it, readable on the board: `reason: message`. */
export function writeFailure({ reason, message }: Failure): string {
  return `${reason}: ${message}`
}

/** The counterpart of {@link writeFailure}; `undefined` of a text that it has not written. */
export function parseFailure(text: string): Failure | undefined {
  const colon = text.indexOf(': ')
  const reason = FailureReason.safeParse(text.slice(0, colon))
  return reason.success ? { reason: reason.data, message: text.slice(colon + 2) } : undefined
}

/** Why a job failed. What BullMQ itself writes, such as of a stalled job, has no reason of ours: that is a fault. */
export function readFailure(text = ''): Failure {
  return parseFailure(text) ?? { reason: 'fault', message: text }
}
