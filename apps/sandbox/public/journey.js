import { control } from './control.js'
import { byId, element } from './element.js'
import { toSteps } from './journey-steps.js'

/** What is under way elsewhere is asked for again while it is looked at. */
const againMs = 2000

/** Where there is room for it the journey stands beside the phones, and other bubbles can be opened meanwhile; elsewhere it covers them. */
const room = matchMedia('(min-width: 1460px)')

/** Opens a message's journey: what the sandbox received for it, and what the dispatcher tells. */
export function createJourneyView() {
  const [dialog, which] = [byId('journey'), byId('which')]
  /** The entry that is looked at; what is still on its way for another one comes too late. */
  let opened
  let again
  /** What somebody takes for the message key or the id of its delivery. */
  let named

  async function show(entry) {
    clearTimeout(again)
    try {
      const journey = await control('GET', toPath(entry, named))
      if (entry !== opened) return
      draw(journey)
    } catch (error) {
      if (entry !== opened) return
      byId('dispatcher').textContent = String(error.message)
    }
    clearTimeout(again)
    again = setTimeout(show, againMs, entry)
  }

  function forget() {
    opened = undefined
    named = undefined
    which.reset()
    clearTimeout(again)
    for (const item of document.querySelectorAll('.opened')) item.classList.remove('opened')
  }

  listen(dialog, forget)
  which.addEventListener('submit', (event) => {
    event.preventDefault()
    named = which.elements.delivery.value.trim() || undefined
    void show(opened)
  })

  return (entry) => {
    forget()
    opened = entry
    clear(entry)
    if (!dialog.open && room.matches) dialog.show()
    else if (!dialog.open) dialog.showModal()
    void show(entry)
  }
}

function toPath({ sequence }, named) {
  return `/journeys/${sequence}${named === undefined ? '' : `?delivery=${encodeURIComponent(named)}`}`
}

function listen(dialog, forget) {
  byId('close-journey').addEventListener('click', () => dialog.close())
  // Beside the dialog is its backdrop.
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close())
  // Where it covers nothing, the browser leaves this key alone.
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && dialog.open && dialog.close())
  // It is told a moment later, when another entry may be looked at.
  dialog.addEventListener('close', () => dialog.open || forget())
}

/** Nothing of another entry is left, and the bubbles of this one are marked. */
function clear({ network, sequence }) {
  const items = document.querySelectorAll(`.${network} [data-sequence="${sequence}"]`)
  for (const item of items) item.classList.add('opened')
  byId('steps').replaceChildren()
  byId('facts').replaceChildren()
  byId('dispatcher').textContent = ''
  byId('which').hidden = true
}

function draw(journey) {
  const { dispatcher, entry } = journey
  byId('steps').replaceChildren(...toSteps(journey))
  byId('dispatcher').textContent = dispatcher.unknown ?? ''
  byId('which').hidden = !dispatcher.asksWhich
  byId('facts').replaceChildren(...toFacts(entry))
  byId('sent').textContent = JSON.stringify(entry.messages, null, 2)
}

function toFacts({
  via,
  sender,
  recipient,
  messageIds,
  requestId,
  mark,
  retryKey,
  notificationDisabled,
  messagingType,
  tag,
}) {
  const facts = {
    'sent as': [via, messagingType, tag, notificationDisabled && 'silently'].filter(Boolean).join(', '),
    from: sender,
    to: recipient,
    'message id': messageIds.join(', '),
    'request id': requestId,
    [retryKey ? 'retry key' : 'mark']: retryKey ?? mark,
  }
  return Object.entries(facts).flatMap(([name, value]) =>
    value ? [element('dt', { textContent: name }), element('dd', { textContent: value })] : [],
  )
}
