import { z } from 'zod'

/** What the baseline takes: the same request as ours. */
export const Message = z.object({
  messageKey: z.string(),
  from: z.object({ senderType: z.literal('line'), senderId: z.string() }),
  to: z.object({ ottId: z.string() }),
  message: z.object({ contents: z.array(z.object({ type: z.literal('text'), text: z.string() })) }),
  validityPeriod: z.string(),
})
export type Message = z.infer<typeof Message>
