import { element, isWeb } from './element.js'

/** Text with what is an address in it as a link, and LINE's own emoji, which only LINE can show, as a mark. */
export function words(text, emojis = []) {
  const marks = new Map(emojis.map(({ index, productId, emojiId }) => [index, `LINE emoji ${productId}/${emojiId}`]))
  const made = element('p', { className: /^(\p{RGI_Emoji}|\s){1,6}$/v.test(text) ? 'words jumbo' : 'words' })
  let place = 0
  for (const part of text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'])/i)) {
    made.append(isWeb(part) ? link(part, part) : marked(part, place, marks))
    place += part.length
  }
  return made
}

function marked(part, start, marks) {
  const made = document.createDocumentFragment()
  let from = 0
  for (const [index, title] of marks) {
    const at = index - start
    if (at < from || at >= part.length) continue
    const mark = element('span', { className: 'emoji', title, role: 'img', ariaLabel: title, textContent: '☺' })
    made.append(part.slice(from, at), mark)
    from = at + 1
  }
  made.append(part.slice(from))
  return made
}

/** Shown small where there is a preview, and as a link where it cannot be shown. */
export function picture(url, name, previewUrl = url) {
  if (!isWeb(url) || !isWeb(previewUrl)) return note(`${name}: ${url}`)
  const image = element('img', { src: previewUrl, alt: name, loading: 'lazy', referrerPolicy: 'no-referrer' })
  const anchor = link(url, image)
  anchor.classList.add('picture')
  image.addEventListener('error', () => {
    anchor.classList.remove('picture')
    anchor.replaceChildren(tile('▧', fileName(url), 'cannot be shown'))
  })
  return anchor
}

export function video(url, poster) {
  const made = player('video', url)
  if (isWeb(poster)) made.poster = poster
  return made
}

export function audio(url, durationMs) {
  const seconds = Math.round(Number(durationMs) / 1000)
  const length = seconds > 0 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` : undefined
  return element('div', {}, player('audio', url), length && note(length))
}

/** Nothing is fetched before somebody wants to see or hear it. */
function player(tag, url) {
  if (!isWeb(url)) return note(`${tag}: ${url}`)
  return element(tag, { controls: true, preload: 'none', src: url, ariaLabel: fileName(url) })
}

export function file(url) {
  return link(url, tile('⬇', fileName(url), 'File'))
}

/** A picture-like thing that has no picture: a sign, a name, and what it is. */
export function tile(sign, name, what) {
  const icon = element('span', { className: 'sign', ariaHidden: 'true', textContent: sign })
  return element(
    'span',
    { className: 'tile' },
    icon,
    element('strong', { textContent: name }),
    element('small', {}, what),
  )
}

/** Opens in a window of its own, and only what is on the web. */
export function link(url, label) {
  return isWeb(url)
    ? element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label)
    : note(`${url ?? 'no address'}`)
}

export function note(text) {
  return element('p', { className: 'note', textContent: text })
}

function fileName(url) {
  return URL.canParse(url) ? decoded(new URL(url).pathname.split('/').pop()) || new URL(url).host : String(url)
}

function decoded(name) {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
