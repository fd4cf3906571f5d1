import { z } from 'zod'

/** https://developers.facebook.com/docs/messenger-platform/send-messages/buttons */
const Button = z.looseObject({ type: z.string().min(1) })

const Element = z.looseObject({
  title: z.string().min(1).max(80),
  subtitle: z.string().max(80).nullish(),
  image_url: z.string().nullish(),
  buttons: z.array(Button).max(3).nullish(),
})

/** The payload of a template message: https://developers.facebook.com/docs/messenger-platform/send-messages/templates */
export const Template = z.discriminatedUnion('template_type', [
  z.looseObject({
    template_type: z.literal('button'),
    text: z.string().min(1).max(640),
    buttons: z.array(Button).min(1).max(3),
  }),
  z.looseObject({ template_type: z.literal('generic'), elements: z.array(Element).min(1).max(10) }),
  z.looseObject({
    template_type: z.literal('media'),
    elements: z.array(z.looseObject({ media_type: z.enum(['image', 'video']) })).length(1),
  }),
  z.looseObject({
    template_type: z.literal('receipt'),
    recipient_name: z.string().min(1),
    order_number: z.string().min(1),
    currency: z.string().min(1),
    payment_method: z.string().min(1),
    summary: z.looseObject({ total_cost: z.number() }),
  }),
  // These come to be checked when somebody sends them.
  z.looseObject({ template_type: z.enum(['coupon', 'customer_feedback', 'customer_information', 'product']) }),
])
