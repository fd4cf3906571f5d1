import { FailureReason } from '@ott/delivery'

/** Why a delivery did not go, and what the network or we said about it. */
export type Failure = { readonly reason: FailureReason; readonly message: string }

/** A failure as the job keeps it, readable on the board: `reason: message`. */
export function writeFailure({ reason, message }: Failure): string {
  return `${reason}: ${message}`
}

/** The counterpart of {@link writeFailure}. What BullMQ itself writes, such as of a stalled job, has no such reason. */
export function readFailure(text = ''): Failure {
  const colon = text.indexOf(': ')
  const reason = FailureReason.safeParse(text.slice(0, colon))
  return reason.success ? { reason: reason.data, message: text.slice(colon + 2) } : { reason: 'fault', message: text }
}

/** Whether a text is one that {@link writeFailure} wrote. */
export function isFailure(text: string): boolean {
  return FailureReason.safeParse(text.slice(0, text.indexOf(': '))).success
}
