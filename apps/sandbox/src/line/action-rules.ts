import { z } from 'zod'

import { graphemes, link, text } from './rules.ts'

/** The actions a template may hold, with its rule for their labels: https://developers.line.biz/en/reference/messaging-api/#action-objects */
function templateActions<Label extends z.ZodType>(label: Label) {
  return [
    z.looseObject({
      type: z.literal('postback'),
      label,
      data: text(300),
      displayText: graphemes(300).nullish(),
      text: graphemes(300).nullish(),
      inputOption: z.enum(['closeRichMenu', 'openRichMenu', 'openKeyboard', 'openVoice']).nullish(),
      fillInText: graphemes(300).nullish(),
    }),
    z.looseObject({ type: z.literal('message'), label, text: graphemes(300) }),
    z.looseObject({ type: z.literal('uri'), label, uri: link(1000) }),
    z.looseObject({
      type: z.literal('datetimepicker'),
      label,
      data: text(300),
      mode: z.enum(['date', 'time', 'datetime']),
    }),
    z.looseObject({ type: z.literal('clipboard'), label, clipboardText: text(1000) }),
  ] as const
}

export function templateAction<Label extends z.ZodType>(label: Label) {
  return z.discriminatedUnion('type', templateActions(label))
}

const quickReplyLabel = graphemes(20)

/** https://developers.line.biz/en/reference/messaging-api/#quick-reply */
export const QuickReplyAction = z.discriminatedUnion('type', [
  ...templateActions(quickReplyLabel),
  z.looseObject({ type: z.literal('camera'), label: quickReplyLabel }),
  z.looseObject({ type: z.literal('cameraRoll'), label: quickReplyLabel }),
  z.looseObject({ type: z.literal('location'), label: quickReplyLabel }),
])
