import type { Content, Delivery, Pace } from '@ott/delivery'
import { z } from 'zod'

/** Of each Page: https://developers.facebook.com/docs/messenger-platform/overview/rate-limiting */
const usual: Pace = { name: 'messages', perSecond: 300 }
const heavy: Pace = { name: 'audio-video', perSecond: 10 }

const heavyTypes: ReadonlySet<string> = new Set(['audio', 'video'])

/** Where a message of the network's own form names what is attached to it. */
const Attached = z.object({ attachment: z.object({ type: z.string() }) })

/** Audio and video are counted apart from all else. Images and files are in neither of Meta's classes, and go with texts. */
export function paceOf({ contents }: Pick<Delivery, 'contents'>): Pace {
  return contents.some(isHeavy) ? heavy : usual
}

function isHeavy(content: Content): boolean {
  if (content.type !== 'native') return heavyTypes.has(content.type)
  return heavyTypes.has(Attached.safeParse(content.payload).data?.attachment.type ?? '')
}
