import { z } from 'zod'

/** Words, nothing else. */
const TextContent = z.object({ type: z.literal('text'), text: z.string().min(1) })

/**
 * Something to look at, listen to or open. `url` is where the network fetches it; `attachmentId` names one the network
 * already holds. `previewUrl` is the still shown before it plays, `durationMs` how long it sounds; `reusable` asks the
 * network to keep it for later deliveries.
 */
const MediaContent = z.object({
  type: z.enum(['image', 'audio', 'video', 'file']),
  url: z.string().optional(),
  previewUrl: z.string().optional(),
  durationMs: z.number().optional(),
  attachmentId: z.string().optional(),
  reusable: z.boolean().optional(),
})

/** A message object in the network's own form, handed over untouched. */
const NativeContent = z.object({ type: z.literal('native'), payload: z.record(z.string(), z.unknown()) })

/** One block of what a delivery says. */
export const Content = z.discriminatedUnion('type', [TextContent, MediaContent, NativeContent])
export type Content = z.infer<typeof Content>
export type MediaContent = z.infer<typeof MediaContent>
export type ContentType = Content['type']
