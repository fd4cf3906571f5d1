import { arrange, element } from './element.js'

/** The people of a phone as buttons, of whom one is shown; a button that stays keeps the focus. */
export function drawPeople(list, people, shown) {
  const made = new Map([...list.children].map((item) => [item.firstElementChild.dataset.person, item]))
  for (const [person, item] of made) if (!people.includes(person)) item.remove()
  const items = people.map((person) => made.get(person) ?? element('li', {}, toButton(person)))
  arrange(list, items)
  for (const { firstElementChild: button } of items)
    button.setAttribute('aria-pressed', String(button.dataset.person === shown))
}

function toButton(person) {
  const face = element('span', {
    className: `face hue${hueOf(person)}`,
    ariaHidden: 'true',
    textContent: person.slice(-2),
  })
  const name = element('span', { className: 'name', textContent: `…${person.slice(-6)}` })
  const button = element('button', { type: 'button', title: person }, face, name)
  button.setAttribute('aria-label', `Person ${person}`)
  button.dataset.person = person
  return button
}

/** The same colour for the same person, of eight. */
function hueOf(person) {
  return [...person].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % 8
}

/** The id of somebody new, in the network's form. */
export function newPerson(network) {
  const digits = [...crypto.getRandomValues(new Uint8Array(32))]
  return network === 'line'
    ? `U${digits.map((digit) => (digit % 16).toString(16)).join('')}`
    : `6${digits
        .slice(0, 15)
        .map((digit) => digit % 10)
        .join('')}`
}
