import { byId, element, time } from './element.js'

/** An answer in a word, and whether it was a good one. */
export function toAnswer({ status, fault }) {
  const made = element('b', {
    className: status === null ? 'status cut' : `status ${status < 300 || status === 409 ? 'good' : 'bad'}`,
  })
  made.textContent = status === null ? 'cut' : String(status)
  if (fault) made.title = `The fault ${fault} was met`
  return made
}

/** The calls that came last, whatever they were answered, newest first. */
export function drawCalls(calls) {
  byId('no-calls').hidden = calls.length > 0
  const items = calls.toReversed().map((call) => {
    const what = element('span', { className: `what ${call.network}`, textContent: call.operation })
    const whom = element('span', {
      className: 'whom',
      textContent: call.recipient ? `…${call.recipient.slice(-6)}` : '',
      title: call.recipient ?? '',
    })
    return element(
      'li',
      {},
      time(call.at),
      what,
      toAnswer(call),
      call.fault ? element('i', { title: call.fault }, call.fault) : whom,
    )
  })
  byId('calls').replaceChildren(...items)
}
