import { toContent } from './contents.js'

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** A new element. Whatever comes from a message goes in as text or as an attribute, never as markup. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  Object.assign(made, properties)
  made.append(...children.filter((child) => child !== undefined && child !== ''))
  return made
}

/** One accepted call as list items: a bubble for each of its messages. */
export function toBubbles(entry) {
  return entry.messages.map((message, place) => {
    const content = toContent(entry.network, message)
    const item = element('li', { className: 'message' })
    const bubble = element('div', { className: 'bubble' }, ...body(content))
    if (content.native) bubble.append(source(message))
    if (content.kind === 'image' || content.kind === 'video') bubble.classList.add('pictured')
    item.append(
      bubble,
      ...content.choices.map((choice) => element('span', { className: 'choice', textContent: choice })),
    )
    item.append(caption(entry, content, entry.messageIds[place]))
    return item
  })
}

function body({ kind, text, url, previewUrl, attachmentId, duration, cards }) {
  if (attachmentId) return [note(`${kind} kept by Messenger under the id ${attachmentId}`)]
  if (kind === 'image') return [picture(url, 'Image', previewUrl)]
  if (kind === 'video') return [player('video', url, previewUrl)]
  if (kind === 'audio') return [player('audio', url), note(duration ? `${(duration / 1000).toFixed(1)} s` : '')]
  if (kind === 'file') return [link(url, fileName(url))]
  if (text !== undefined) return [element('p', { textContent: text })]
  return cards.map(card)
}

function card({ title, text, pictureUrl, lines = [], buttons = [] }) {
  const made = element('div', { className: 'card' })
  if (pictureUrl) made.append(picture(pictureUrl, title ?? 'Image'))
  if (title) made.append(element('strong', { textContent: title }))
  if (text) made.append(element('p', { textContent: text }))
  for (const line of lines) made.append(element('p', { className: 'line', textContent: line }))
  for (const label of buttons) made.append(element('span', { className: 'button', textContent: label }))
  return made
}

/** Shown small where there is a preview, and as a link where it cannot be shown. */
function picture(url, name, previewUrl = url) {
  if (!isWeb(url) || !isWeb(previewUrl)) return note(`${name}: ${url}`)
  const image = element('img', { src: previewUrl, alt: name, loading: 'lazy', referrerPolicy: 'no-referrer' })
  const anchor = link(url, image)
  image.addEventListener('error', () => {
    anchor.closest('.bubble')?.classList.remove('pictured')
    anchor.replaceChildren(`${fileName(url)} (cannot be shown)`)
  })
  return anchor
}

function player(tag, url, poster) {
  if (!isWeb(url)) return note(`${tag}: ${url}`)
  const made = element(tag, { controls: true, preload: 'none', src: url })
  made.setAttribute('aria-label', fileName(url))
  if (isWeb(poster)) made.poster = poster
  return made
}

function link(url, label) {
  return isWeb(url)
    ? element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label)
    : note(`${url ?? 'no address'}`)
}

function note(text) {
  return element('p', { className: 'note', textContent: text })
}

function source(message) {
  const json = element('pre', { tabIndex: 0, textContent: JSON.stringify(message, null, 2) })
  return element('details', {}, element('summary', { textContent: 'JSON' }), json)
}

function caption({ via, at, requestId }, { kind }, messageId) {
  const time = element('time', { dateTime: new Date(at).toISOString(), textContent: clock.format(at) })
  const id = element('code', { textContent: messageId, title: requestId ? `request ${requestId}` : 'message id' })
  return element('p', { className: 'caption' }, `${kind} · ${via} · `, time, ' · ', id)
}

function isWeb(url) {
  return typeof url === 'string' && /^https?:\/\//i.test(url)
}

function fileName(url) {
  return URL.canParse(url) ? new URL(url).pathname.split('/').pop() || new URL(url).host : String(url)
}
