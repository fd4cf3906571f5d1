import type { LineContent, MessengerContent } from './contents.ts'

/** How loudly the person's device announces it. */
type NotificationType = 'REGULAR' | 'SILENT_PUSH' | 'NO_PUSH'

/** Labels of your own beside the known ones: kept for the status, never sent. */
type Further = { readonly [name: string]: unknown }

type LineCustomKeys = { readonly notificationType?: NotificationType }

/** Messenger asks why a person is written to. `tag` is one of Messenger's message tags. */
type MessengerCustomKeys = { readonly notificationType?: NotificationType } & (
  | { readonly messagingType: 'RESPONSE' | 'UPDATE' }
  | { readonly messagingType: 'MESSAGE_TAG'; readonly tag: string }
)

/** LINE takes up to five at once. */
type LineContents =
  | readonly [LineContent]
  | readonly [LineContent, LineContent]
  | readonly [LineContent, LineContent, LineContent]
  | readonly [LineContent, LineContent, LineContent, LineContent]
  | readonly [LineContent, LineContent, LineContent, LineContent, LineContent]

type AnyRequest = {
  /** A label of yours, by which its status can be found too: up to 100 characters. */
  readonly messageKey: string
  /** A label of several messages. */
  readonly messageGroupKey?: string
  /** How long it is worth delivering, as an ISO 8601 duration (`PT30M`): it is never delivered later. */
  readonly validityPeriod: string | number
}

/** A message to one person on LINE. `userReference` is a reply token, which is tried before the push to `ottId`. */
export type LineRequest = AnyRequest & {
  readonly from: { readonly senderType: 'line'; readonly senderId: string }
  readonly to: { readonly ottId: string; readonly userReference?: string }
  readonly message: {
    readonly subject?: string
    readonly contents: LineContents
    readonly customKeys?: readonly (LineCustomKeys & Further)[]
  }
}

/** A message to one person on Messenger. `userReference` is a user_ref, and goes before the page-scoped `ottId`. */
export type MessengerRequest = AnyRequest & {
  readonly from: { readonly senderType: 'messenger'; readonly senderId: string }
  readonly to:
    | { readonly ottId: string; readonly userReference?: string }
    | { readonly ottId?: string; readonly userReference: string }
  readonly message: {
    readonly subject?: string
    readonly contents: readonly [MessengerContent]
    readonly customKeys: readonly [MessengerCustomKeys & Further, ...Further[]]
  }
}

/** The body of a send: one message to one person. */
export type SendRequest = LineRequest | MessengerRequest
