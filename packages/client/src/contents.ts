/** Words, nothing else: up to 5,000 characters on LINE, 2,000 on Messenger. */
export type TextContent = { readonly type: 'text'; readonly text: string }

/** A message object in the network's own form, handed over untouched. */
export type NativeContent = {
  readonly type: 'native'
  readonly nativePayload: { readonly [property: string]: unknown }
}

/** LINE fetches both from https URLs: `altUrl` is the still that is shown before. */
type LinePicture = { readonly type: 'image' | 'video'; readonly url: string; readonly altUrl: string }

/** `duration` is in milliseconds. */
type LineAudio = { readonly type: 'audio'; readonly url: string; readonly duration: number | string }

/** One block of what a LINE message says. */
export type LineContent = TextContent | LinePicture | LineAudio | NativeContent

type MediaType = { readonly type: 'image' | 'audio' | 'video' | 'file' }

/** `isReusable` asks Messenger to keep it for later messages, which name it by its `attachmentId`. */
type MessengerUrl = MediaType & { readonly url: string; readonly isReusable?: boolean }

/** An attachment that Messenger already holds. */
type MessengerAttachment = MediaType & { readonly attachmentId: string }

/** What a Messenger message says. */
export type MessengerContent = TextContent | MessengerUrl | MessengerAttachment | NativeContent
