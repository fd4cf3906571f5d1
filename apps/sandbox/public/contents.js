/**
 * A network's message object as what a person sees of it: `kind`; `text`, `url` and `previewUrl` where there are any; `cards`,
 * each a title, text, picture and buttons; `choices`, the quick replies below. `native` says that it is more than that.
 */
export function toContent(network, message) {
  const content = network === 'line' ? fromLine(message) : fromMessenger(message)
  return { cards: [], choices: [], native: content.cards !== undefined, ...content }
}

function fromLine(message) {
  const choices = list(message.quickReply?.items).map((item) => String(item?.action?.label ?? ''))
  const { type: kind, text, originalContentUrl: url, previewImageUrl: previewUrl, duration } = message
  if (kind === 'text' || kind === 'textV2') return { kind, text, choices }
  if (kind === 'image' || kind === 'video' || kind === 'audio') return { kind, url, previewUrl, duration, choices }
  return { kind: message.template?.type ?? kind, cards: lineCards(message), choices }
}

function lineCards(message) {
  const { type, title, address, latitude, longitude, template, altText } = message
  if (type === 'location') return [{ title, text: `${address}\n${latitude}, ${longitude}` }]
  if (type === 'sticker')
    return [{ title: 'Sticker', text: `package ${message.packageId}, sticker ${message.stickerId}` }]
  if (type === 'coupon') return [{ title: 'Coupon', text: message.couponId }]
  if (type === 'flex') return [{ text: altText, buttons: [], lines: textsIn(message.contents) }]
  if (type === 'imagemap')
    return [{ text: altText, buttons: list(message.actions).map((action) => action.label ?? action.type) }]
  if (type === 'template') return list(template?.columns ?? [template]).map(toLineCard)
  return [{ text: altText ?? 'A message of a kind unknown here' }]
}

function toLineCard({ title, text, thumbnailImageUrl, imageUrl, actions, action }) {
  const buttons = list(actions ?? [action]).map((each) => each?.label ?? each?.type ?? '')
  return { title, text, pictureUrl: thumbnailImageUrl ?? imageUrl, buttons }
}

/** The words in a flex message, in reading order as far as that can be told. */
function textsIn(part) {
  if (Array.isArray(part)) return part.flatMap(textsIn)
  if (typeof part !== 'object' || part === null) return []
  if (part.type === 'text') return [String(part.text ?? '')]
  if (part.type === 'button') return [`[ ${part.action?.label ?? ''} ]`]
  return [part.header, part.hero, part.body, part.footer, part.contents].flatMap(textsIn)
}

function fromMessenger(message) {
  const choices = list(message.quick_replies).map((reply) => reply.title ?? reply.content_type)
  const { text, attachment, template } = message
  if (template) return { kind: 'utility', cards: [{ title: template.name, text: template.language?.code }], choices }
  if (!attachment) return { kind: 'text', text, choices }
  const { type: kind, payload } = attachment
  if (kind === 'template') return { kind: payload.template_type, cards: messengerCards(payload), choices }
  return { kind, url: payload.url, attachmentId: payload.attachment_id, choices }
}

function messengerCards(payload) {
  if (payload.template_type === 'receipt') return [toReceipt(payload)]
  if (!Array.isArray(payload.elements)) return [toMessengerCard(payload)]
  return payload.elements.map(toMessengerCard)
}

function toMessengerCard({ title, text, subtitle, image_url: pictureUrl, media_type: media, url, buttons }) {
  return {
    title: title ?? media,
    text: text ?? subtitle ?? url,
    pictureUrl,
    buttons: list(buttons).map((button) => button.title ?? button.type),
  }
}

function toReceipt({ order_number: order, currency, summary, elements }) {
  const lines = list(elements).map(({ title, quantity = 1, price }) => `${quantity} × ${title}: ${price} ${currency}`)
  return { title: `Receipt ${order}`, lines: [...lines, `Total: ${summary?.total_cost} ${currency}`] }
}

function list(value) {
  return Array.isArray(value) ? value : []
}
