import { pressable } from './cards.js'
import { element, time } from './element.js'
import { fromLine } from './line-contents.js'
import { note } from './media.js'
import { fromMessenger } from './messenger-contents.js'

/** One accepted call as list items: a bubble for each of its messages, and a button that opens its journey. */
export function toBubbles(entry, openJourney) {
  return entry.messages.map((message) => {
    const { kind, body, choices, bare } = toContent(entry.network, message)
    const bubble = element('div', { className: bare ? 'bubble bare' : 'bubble' }, ...body)
    const meta = element('button', { type: 'button', className: 'meta' }, `${entry.via} ›`, time(entry.at))
    meta.setAttribute('aria-label', `Journey of this ${kind} message, ${entry.via} ${meta.lastChild.textContent}`)
    meta.addEventListener('click', () => openJourney(entry))
    bubble.addEventListener('click', (event) => {
      if (event.target.closest('a, button, audio, video, summary') === null) openJourney(entry)
    })
    const item = element('li', { className: 'message' }, element('div', { className: 'said' }, bubble, meta))
    if (bubble.querySelector('.card + .card') !== null) item.classList.add('wide')
    item.dataset.kind = kind
    item.dataset.sequence = entry.sequence
    if (choices.length > 0)
      item.append(element('div', { className: 'choices' }, ...choices.map((choice) => pressable(choice, 'choice'))))
    return item
  })
}

/** Not all of a message was checked when it was taken: one that makes no sense is not to keep the others from being shown. */
function toContent(network, message) {
  try {
    return network === 'line' ? fromLine(message) : fromMessenger(message)
  } catch {
    const words = note('A message that cannot be shown. Its journey has it as it was sent.')
    return { kind: 'unknown', body: [words], choices: [], bare: false }
  }
}
