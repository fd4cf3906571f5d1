import { card, carousel } from './cards.js'
import { element, list } from './element.js'
import { audio, file, link, note, picture, tile, video, words } from './media.js'

/** What a person sees of a Messenger `message`: `kind`, the elements of its bubble, and the quick replies below it. */
export function fromMessenger(message) {
  const choices = list(message.quick_replies).map(toChoice)
  const { text, attachment, template } = message
  if (template) return { kind: 'utility template', body: [utility(template)], choices, bare: true }
  if (!attachment) return { kind: 'text', body: [words(String(text))], choices, bare: false }
  const { type, payload } = attachment
  if (type === 'template')
    return { kind: `${payload.template_type} template`, body: [toCards(payload)], choices, bare: true }
  return { kind: type, body: [toMedia(type, payload)], choices, bare: type === 'image' || type === 'video' }
}

/** https://developers.facebook.com/docs/messenger-platform/send-messages/quick-replies */
function toChoice({ content_type: kind, title }) {
  const asked = { user_phone_number: 'Send my phone number', user_email: 'Send my e-mail address' }[kind]
  return { label: title ?? asked ?? kind, says: title ?? asked }
}

function toMedia(type, { url, attachment_id: id }) {
  if (id) return tile('▣', `Kept ${type}`, `attachment ${id}`)
  if (type === 'image') return picture(url, 'Picture')
  if (type === 'video') return video(url)
  return type === 'audio' ? audio(url) : file(url)
}

function utility({ name, language }) {
  return card({
    title: name,
    text: 'An approved template, whose words only Messenger has',
    lines: [note(language?.code)],
  })
}

function toCards(payload) {
  if (payload.template_type === 'receipt') return receipt(payload)
  if (payload.template_type === 'media') return carousel(list(payload.elements).map(toMediaCard))
  return carousel(list(payload.elements ?? [payload]).map((each) => toCard(each, payload.template_type)))
}

/** Of a kind that is not known here its name at least. */
function toCard({ title, text, subtitle, image_url: pictureUrl, buttons }, kind) {
  return card({
    title: title ?? (text ? undefined : `${kind} template`),
    text: text ?? subtitle,
    pictureUrl,
    buttons: list(buttons).map(toPressable),
  })
}

function toMediaCard({ media_type: type, url, attachment_id: id, buttons }) {
  // Such a URL is a page at Facebook, not a picture: https://developers.facebook.com/docs/messenger-platform/send-messages/template/media
  const media = id ? toMedia(type, { attachment_id: id }) : link(url, tile('▣', `A ${type}`, 'at Facebook'))
  return card({ media, buttons: list(buttons).map(toPressable) })
}

/** https://developers.facebook.com/docs/messenger-platform/send-messages/buttons */
function toPressable({ type, title, url }) {
  return { label: title ?? type, url, says: type === 'postback' ? title : undefined }
}

/** https://developers.facebook.com/docs/messenger-platform/send-messages/template/receipt */
function receipt({ order_number: order, recipient_name: name, currency, payment_method: paid, summary, elements }) {
  const money = (amount) => `${amount} ${currency}`
  const rows = list(elements).map(({ title, quantity = 1, price }) => row(`${quantity} × ${title}`, money(price)))
  const sums = [
    ['Subtotal', summary?.subtotal],
    ['Shipping', summary?.shipping_cost],
    ['Tax', summary?.total_tax],
  ].flatMap(([label, amount]) => (amount === undefined ? [] : [row(label, money(amount))]))
  const total = row('Total', money(summary?.total_cost))
  total.classList.add('total')
  return card({ title: `Receipt ${order}`, text: `${name} · ${paid}`, lines: [...rows, ...sums, total] })
}

function row(label, value) {
  return element(
    'p',
    { className: 'row' },
    element('span', { textContent: label }),
    element('span', { textContent: value }),
  )
}
