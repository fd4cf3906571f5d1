import { card, carousel, pressable } from './cards.js'
import { element, list } from './element.js'
import { flex } from './flex.js'
import { toPressable } from './line-action.js'
import { audio, link, note, picture, tile, video, words } from './media.js'

/** What a person sees of a LINE message object: `kind`, the elements of its bubble, and the quick replies below it. */
export function fromLine(message) {
  const kind = message.type === 'template' ? `${message.template?.type} template` : message.type
  const body = bodies[message.type]?.(message) ?? [note(`A message of a kind that is not known here: ${message.type}`)]
  const choices = list(message.quickReply?.items).map((item) => toPressable(item?.action))
  return { kind, body, choices, bare: bare.has(message.type) }
}

/** What stands without a bubble around it. */
const bare = new Set(['sticker', 'image', 'video', 'imagemap', 'template', 'flex', 'location', 'coupon'])

const bodies = {
  text: ({ text, emojis }) => [words(String(text), list(emojis))],
  textV2: ({ text }) => [words(String(text))],
  image: ({ originalContentUrl, previewImageUrl }) => [picture(originalContentUrl, 'Picture', previewImageUrl)],
  video: ({ originalContentUrl, previewImageUrl }) => [video(originalContentUrl, previewImageUrl)],
  audio: ({ originalContentUrl, duration }) => [audio(originalContentUrl, duration)],
  // Its drawings are LINE's own, and are not fetched from there.
  sticker: ({ packageId, stickerId }) => [sticker(`${packageId}/${stickerId}`)],
  location: ({ title, address, latitude, longitude }) => [
    location(title, address, Number(latitude), Number(longitude)),
  ],
  coupon: ({ couponId }) => [tile('✂', String(couponId), 'Coupon')],
  imagemap: (message) => [imagemap(message)],
  template: ({ template, altText }) => [templates[template?.type]?.(template) ?? card({ text: altText })],
  flex: ({ contents, altText }) => [flex(contents, altText)],
}

const templates = {
  buttons: (template) => column(template),
  confirm: ({ text, actions }) => card({ text, buttons: list(actions).map(toPressable), beside: true }),
  carousel: ({ columns }) => carousel(list(columns).map(column)),
  image_carousel: ({ columns }) =>
    carousel(
      list(columns).map(({ imageUrl, action }) => card({ pictureUrl: imageUrl, buttons: [toPressable(action)] })),
    ),
}

function column({ title, text, thumbnailImageUrl: pictureUrl, actions }) {
  return card({ title, text, pictureUrl, buttons: list(actions).map(toPressable) })
}

function sticker(ids) {
  const made = tile('☺', 'Sticker', ids)
  made.classList.add('sticker')
  return made
}

/** A drawn map: a real one would have to come from elsewhere. */
function location(title, address, latitude, longitude) {
  const where = `${latitude}, ${longitude}`
  const map = element('span', { className: 'map', ariaHidden: 'true' })
  const spot = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
  return card({ media: link(spot, map), title, text: address, lines: [note(where)] })
}

/** https://developers.line.biz/en/reference/messaging-api/#imagemap-message: areas are given in parts of 1040. */
function imagemap({ baseUrl, altText, baseSize, actions }) {
  const made = element('div', { className: 'imagemap' }, picture(`${baseUrl}/1040`, altText))
  made.style.aspectRatio = `${Number(baseSize?.width)} / ${Number(baseSize?.height)}`
  for (const { area = {}, ...action } of list(actions)) {
    const pressed = pressable({ ...toPressable(action), label: action.label ?? action.text ?? '' }, 'area')
    pressed.style.left = share(area.x, baseSize?.width)
    pressed.style.top = share(area.y, baseSize?.height)
    pressed.style.width = share(area.width, baseSize?.width)
    pressed.style.height = share(area.height, baseSize?.height)
    made.append(pressed)
  }
  return made
}

function share(length, whole) {
  return `${(100 * Number(length)) / Number(whole)}%`
}
