import { element, toBubbles } from './bubble.js'
import { clearLedger, followLedger, toChats } from './chats.js'
import { toContent } from './contents.js'

const titles = { line: 'LINE', messenger: 'Messenger' }
const pauseMs = 1000

const byId = (id) => document.getElementById(id)
const [state, people, person, messages] = ['state', 'people', 'person', 'messages'].map(byId)
const ledger = followLedger()
/** The bubbles made so far of the chat shown, by their first message's id: what is playing or open stays so. */
let bubbles = new Map()
let shownKey
let entries = []
let drawn = ''

function draw() {
  const chats = toChats(entries)
  byId('chats').hidden = chats.length === 0
  byId('empty').hidden = chats.length > 0
  const shown = chats.find(({ key }) => location.hash === `#${key}`) ?? chats[0]
  drawPeople(chats, shown)
  drawChat(shown)
}

function drawPeople(chats, shown) {
  const focused = document.activeElement?.getAttribute('href')
  people.replaceChildren(
    ...Object.entries(titles).flatMap(([network, title]) => {
      const members = chats.filter((chat) => chat.network === network)
      if (members.length === 0) return []
      const list = element('ul', {}, ...members.map((chat) => element('li', {}, toPerson(chat, chat === shown))))
      list.setAttribute('aria-label', title)
      return [element('div', { className: network }, element('h2', { textContent: title }), list)]
    }),
  )
  if (focused) people.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus()
}

function toPerson({ key, recipient, received }, isShown) {
  const { messages: last, network } = received.at(-1)
  const { text, kind, cards } = toContent(network, last.at(-1))
  const anchor = element(
    'a',
    { href: `#${key}`, title: recipient },
    element('span', { className: 'name', textContent: recipient }),
    element('span', { className: 'last', textContent: text ?? cards[0]?.title ?? cards[0]?.text ?? kind }),
    element('span', { className: 'count', textContent: received.length, ariaLabel: `${received.length} received` }),
  )
  if (isShown) anchor.setAttribute('aria-current', 'true')
  return anchor
}

function drawChat(shown) {
  const isOther = shown?.key !== shownKey
  const earlier = isOther ? new Map() : bubbles
  shownKey = shown?.key
  bubbles = new Map((shown?.received ?? []).map((entry) => [idOf(entry), earlier.get(idOf(entry)) ?? toBubbles(entry)]))
  const wasAtEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 40
  if (isOther) messages.replaceChildren()
  for (const [id, items] of earlier) if (!bubbles.has(id)) for (const item of items) item.remove()
  for (const [id, items] of bubbles) if (!earlier.has(id)) messages.append(...items)
  if (isOther || wasAtEnd) messages.scrollTop = messages.scrollHeight
  if (shown !== undefined) person.replaceChildren(...heading(shown))
}

function heading({ network, recipient, received }) {
  const senders = [...new Set(received.map(({ sender }) => sender))].join(', ')
  return [
    element('span', { className: `badge ${network}`, textContent: titles[network] }),
    element('code', { textContent: recipient }),
    element('small', { textContent: `from ${senders}` }),
  ]
}

function idOf(entry) {
  return entry?.messageIds[0]
}

function redraw() {
  const signature = JSON.stringify([location.hash, idOf(entries[0]), idOf(entries.at(-1))])
  if (signature === drawn) return
  drawn = signature
  draw()
}

async function follow() {
  try {
    entries = await ledger.step()
    tell('live', 'live')
  } catch {
    tell('lost', 'the sandbox does not answer')
  }
  setTimeout(follow, pauseMs)
  redraw()
}

/** Only a change is written, so that a screen reader does not read it out each second. */
function tell(manner, text) {
  if (state.textContent === text) return
  state.textContent = text
  state.className = `state ${manner}`
}

byId('example').textContent = `curl ${location.origin}/messenger/v26.0/me/messages \\
  -H 'Authorization: Bearer any-token' \\
  -H 'Content-Type: application/json' \\
  -d '{"recipient": {"id": "4321567890123456"},
       "messaging_type": "RESPONSE", "message": {"text": "Hello!"}}'`
byId('clear').addEventListener('click', () => void clearLedger())
addEventListener('hashchange', redraw)
await follow()
