import { toAnswer } from './calls.js'
import { control } from './control.js'
import { byId, element } from './element.js'

/** What is under way elsewhere is asked for again while it is looked at. */
const againMs = 2000

const exact = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

/** Opens a message's journey beside the phones: what the sandbox received for it, and what the dispatcher tells. */
export function createJourneyView() {
  const dialog = byId('journey')
  /** The entry that is looked at; what is still on its way for another one comes too late. */
  let opened
  let again

  async function show(entry) {
    try {
      const journey = await control('GET', `/journeys/${entry.sequence}`)
      if (entry !== opened) return
      byId('steps').replaceChildren(...toSteps(journey))
      byId('dispatcher').textContent = journey.dispatcher.unknown ?? ''
      byId('facts').replaceChildren(...toFacts(journey.entry))
      byId('sent').textContent = JSON.stringify(journey.entry.messages, null, 2)
    } catch (error) {
      if (entry !== opened) return
      byId('dispatcher').textContent = String(error.message)
    }
    again = setTimeout(show, againMs, entry)
  }

  byId('close-journey').addEventListener('click', () => dialog.close())
  // Beside the dialog is its backdrop.
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close())
  dialog.addEventListener('close', () => {
    opened = undefined
    clearTimeout(again)
    for (const item of document.querySelectorAll('.opened')) item.classList.remove('opened')
  })

  return (entry) => {
    opened = entry
    for (const item of document.querySelectorAll(`.${entry.network} [data-sequence="${entry.sequence}"]`))
      item.classList.add('opened')
    byId('steps').replaceChildren()
    byId('facts').replaceChildren()
    dialog.showModal()
    void show(entry)
  }
}

/** Both sides' steps, in the order of the times that each gives. */
function toSteps({ calls, dispatcher, entry }) {
  const network = entry.network === 'line' ? 'LINE' : 'Messenger'
  const steps = [
    ...calls.map((call) => ({
      at: call.at,
      who: network,
      what: call.operation,
      answer: toAnswer(call),
      why: call.fault,
    })),
    ...(dispatcher.attempts ?? []).map(({ attemptDateTime, outcome, reason, message }) => {
      return { at: Date.parse(attemptDateTime), what: `attempt ${outcome}`, why: message ?? reason }
    }),
    ...(dispatcher.status ?? []).map(({ event, eventDateTime, reason, message }) => {
      return { at: Date.parse(eventDateTime), what: event, why: message ?? reason, isEvent: true }
    }),
  ]
  if (calls.length === 0) steps.push({ at: entry.at, who: network, what: `${entry.via}, accepted` })
  return steps.toSorted((one, other) => one.at - other.at).map(toStep)
}

function toStep({ at, who = 'Dispatcher', what, answer, why, isEvent = false }) {
  const name = element('strong', { textContent: what })
  const head = element('p', {}, name, ' ', answer, element('span', { className: 'who', textContent: who }))
  const when = element('time', { dateTime: new Date(at).toISOString(), textContent: exact.format(at) })
  const item = element('li', { className: `step ${who.toLowerCase()}${isEvent ? ' event' : ''}` }, when, head)
  if (why) item.append(element('p', { className: 'why', textContent: why }))
  return item
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
