import { element, isWeb } from './element.js'
import { link, picture } from './media.js'

/**
 * What can be pressed: an address is opened; what would have the person say something has them say it, here (`says`, which the phone
 * takes up); anything else only shows its label.
 */
export function pressable({ label, url, says }, className = 'button') {
  if (isWeb(url)) {
    const anchor = link(url, label ?? url)
    anchor.className = className
    return anchor
  }
  if (says === undefined) return element('span', { className, textContent: label, title: url ?? '' })
  const button = element('button', { type: 'button', className, textContent: label })
  button.dataset.says = says
  return button
}

/** One card: `{title, text, pictureUrl, buttons, lines, beside}`, each of them if there is any. `beside`: the buttons in one row. */
export function card({ title, text, pictureUrl, media, lines = [], buttons = [], beside = false }) {
  const words = element('div', { className: 'card-words' })
  if (title) words.append(element('strong', { textContent: title }))
  if (text) words.append(element('p', { textContent: text }))
  words.append(...lines)
  const made = element('div', { className: 'card' })
  if (pictureUrl) made.append(picture(pictureUrl, title ?? 'Picture'))
  if (media) made.append(media)
  if (words.childElementCount > 0) made.append(words)
  const row = element('div', { className: beside ? 'buttons beside' : 'buttons' })
  row.append(...buttons.map((button) => pressable(button)))
  if (buttons.length > 0) made.append(row)
  return made
}

/** Several cards in a row that can be moved along. */
export function carousel(cards) {
  const made = element('div', { className: 'carousel' }, ...cards)
  if (cards.length > 1) Object.assign(made, { tabIndex: 0, role: 'group', ariaLabel: `${cards.length} cards` })
  return made
}
