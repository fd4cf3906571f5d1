import { createChat } from './chat.js'
import { copyable, demoPeople, sendCommand, tokenCommand } from './command.js'
import { byId } from './element.js'
import { drawPeople, newPerson } from './people.js'

const titles = { line: 'LINE', messenger: 'Messenger' }

/**
 * The phone of one network: its people, the chat of one of them, and a line to write as that person. `write(person, text)` is called for
 * what is written, `openJourney(entry)` for a bubble that is opened.
 */
export function createPhone(network, { write, openJourney }) {
  const phone = byId('phone').content.cloneNode(true).firstElementChild
  const [people, messages, empty] = ['.people', '.messages', '.empty'].map((each) => phone.querySelector(each))
  const chat = createChat(messages, { openJourney, commandFor })
  phone.classList.add(network)
  phone.setAttribute('aria-label', titles[network])
  phone.querySelector('h2').textContent = titles[network]
  let story
  /** Who was chosen; whoever was written to last before anybody is. */
  let chosen
  let person

  function draw() {
    const chats = story.chats(network)
    person = chosen ?? chats[0]?.person ?? demoPeople[network]
    const said = chats.find((each) => each.person === person)?.messages ?? []
    drawPeople(people, [...new Set([...chats.map((each) => each.person), person])], person)
    phone.querySelector('.sender').textContent = toHeading(said)
    empty.hidden = said.length > 0
    messages.hidden = said.length === 0
    if (said.length === 0) drawEmpty(empty, commandFor({ person }))
    chat.draw(said)
  }

  function commandFor(written) {
    const { senders, dispatcher } = story.latest
    return sendCommand({ ...written, network, sender: senders[network], dispatcher })
  }

  function choose(another) {
    chosen = another
    if (story) draw()
  }

  listen(phone, { write: (text) => write(person, text), choose, another: () => choose(newPerson(network)) })
  return {
    element: phone,
    draw: (latest) => {
      story = latest
      draw()
    },
  }
}

function listen(phone, { write, choose, another }) {
  const form = phone.querySelector('form')
  phone.querySelector('.people').addEventListener('click', ({ target }) => {
    const person = target.closest('button')?.dataset.person
    if (person !== undefined) choose(person)
  })
  phone.querySelector('.messages').addEventListener('click', ({ target }) => {
    const says = target.closest('[data-says]')?.dataset.says
    if (says !== undefined) write(says)
  })
  phone.querySelector('.another').addEventListener('click', () => {
    another()
    form.elements.text.focus()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const text = form.elements.text.value.trim()
    if (text !== '') write(text)
    form.reset()
  })
}

function toHeading(said) {
  const senders = [...new Set(said.flatMap(({ sender }) => sender ?? []))]
  return senders.length > 0 ? `from ${senders.join(', ')}` : 'no messages yet'
}

/** What to do first. */
function drawEmpty(empty, command) {
  if (empty.dataset.command === command) return
  empty.dataset.command = command
  for (const [name, text] of Object.entries({ first: tokenCommand, second: command })) {
    empty.querySelector(`pre.${name}`).textContent = text
    empty.querySelector(`p.${name}`).lastElementChild.replaceWith(copyable(text, 'Copy'))
  }
}
