import { toAnswer } from './calls.js'
import { element } from './element.js'

/** An answer that takes longer than this is worth a word. */
const slowMs = 100

const titles = { line: 'LINE', messenger: 'Messenger' }

const exact = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

/** Both sides' steps as list items, in the order of the times that each gives: in an attempt its calls, and then what came of it. */
export function toSteps({ calls, dispatcher, entry }) {
  const { attempts, strays } = nest(calls, dispatcher)
  const steps = [
    ...(dispatcher.status ?? []).map((event) => ({ at: Date.parse(event.eventDateTime), item: toEvent(event, entry) })),
    ...attempts.map((each, place) => ({ at: begin(each.attempt), item: toAttempt(each, place + 1) })),
    ...strays.map((call) => ({ at: call.arrivedAt, item: toCall(call) })),
  ]
  if (calls.length === 0) steps.push({ at: entry.at, item: toForgotten(entry) })
  const next = dispatcher.nextAttemptDateTime
  if (next) steps.push({ at: Infinity, item: toStep({ at: Date.parse(next), what: 'Next attempt' }, 'future') })
  return steps.toSorted((one, other) => one.at - other.at).map(({ item }) => item)
}

/** An attempt's calls are those that came after it began, until the next one did, or until all was over. */
function nest(calls, { attempts = [], status = [] }) {
  const last = status.at(-1)
  const over = last?.event === 'Sent' || last?.event === 'Error' ? Date.parse(last.eventDateTime) : Infinity
  const isIn = (attempt, next) => {
    const [from, to] = [begin(attempt), next === undefined ? over + 1 : begin(next)]
    return ({ arrivedAt }) => arrivedAt >= from && arrivedAt < to
  }
  const nested = attempts.map((attempt, place) => {
    return { attempt, calls: calls.filter(isIn(attempt, attempts[place + 1])) }
  })
  const inside = new Set(nested.flatMap((each) => each.calls))
  return { attempts: nested, strays: calls.filter((call) => !inside.has(call)) }
}

function begin({ attemptDateTime }) {
  return Date.parse(attemptDateTime)
}

function toEvent({ event, eventDateTime, reason, message, via, messageIds = [], confirmed }, { network }) {
  const step = toStep({ at: Date.parse(eventDateTime), what: event, why: message ?? reason }, 'event')
  if (event !== 'Sent') return step
  const doubt = `, not confirmed: ${titles[network]}’s answer was lost`
  step.append(
    element('p', { className: 'why', textContent: `by ${via}${confirmed === false ? doubt : ', confirmed'}` }),
  )
  if (messageIds.length > 0) {
    const words = messageIds.length === 1 ? 'message id' : 'message ids'
    step.append(element('p', { className: 'why', textContent: `${words} ${messageIds.join(', ')}` }))
  }
  return step
}

function toAttempt({ attempt, calls }, number) {
  const { outcome, reason, message } = attempt
  const step = toStep({ at: begin(attempt), what: `Attempt ${number}` }, 'attempt')
  step.append(element('ol', {}, ...calls.map(toCall)))
  const words = [reason, message].filter(Boolean).join(': ')
  const end = element('p', { className: 'end' }, element('strong', { className: outcome, textContent: outcome }))
  if (words) end.append(element('span', { className: 'why', textContent: ` · ${words}` }))
  step.append(end)
  return step
}

function toCall(call) {
  const { network, operation, fault, arrivedAt, at } = call
  const tookMs = at - arrivedAt
  const slow = tookMs >= slowMs && `${call.status === null ? 'cut' : 'answered'} after ${(tookMs / 1000).toFixed(1)} s`
  const why = [fault && `fault ${fault}`, slow].filter(Boolean).join(', ')
  return toStep({ at: arrivedAt, who: titles[network], what: operation, answer: toAnswer(call), why }, network)
}

/** The call log keeps fewer than the ledger does. */
function toForgotten({ at, network, via }) {
  return toStep({ at, who: titles[network], what: `${via}, accepted` }, network)
}

function toStep({ at, who = 'Dispatcher', what, answer, why }, kind) {
  const name = element('strong', { textContent: what })
  const head = element(
    'p',
    { className: 'head' },
    name,
    answer,
    element('span', { className: 'who', textContent: who }),
  )
  const when = element('time', { dateTime: new Date(at).toISOString(), textContent: exact.format(at) })
  const item = element('li', { className: `step ${kind}` }, when, head)
  if (why) item.append(element('p', { className: 'why', textContent: why }))
  return item
}
