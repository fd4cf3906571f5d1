import { byId, element } from './element.js'

/** Longer than a worker waits, unless told otherwise. */
const timeoutMs = 15_000
const slowMs = 3000

/** What both networks can be made to do by a button; the control API knows more. */
const common = [
  { label: '500', fault: 'server-error', what: 'An error of its own' },
  { label: 'Slow', fault: 'slow', delayMs: slowMs, what: `Takes the message after ${slowMs / 1000} s` },
  {
    label: 'Timeout',
    fault: 'slow-answer',
    delayMs: timeoutMs,
    what: `Takes the message, answers after ${timeoutMs / 1000} s`,
  },
  { label: 'Cut', fault: 'drop-after', what: 'Takes the message, and cuts the connection' },
]

/** A credential is dead until it is revived: a worker that is refused once gets itself a new token. */
const dead = { label: 'Dead credential', times: 0, what: 'Refuses the sender until cleared' }

const offers = {
  line: [{ label: '429', fault: 'rate-limit', what: 'Too many calls' }, ...common, { ...dead, fault: 'unauthorized' }],
  messenger: [
    { label: '613', fault: 'rate-limit', what: "Too many calls, in Graph's words" },
    ...common,
    { ...dead, fault: 'expired-token' },
  ],
}

/** The panel of faults: `plan(fault)`, `remove(id)` and `removeAll()` are called for its buttons. */
export function createFaultPanel({ plan, remove, removeAll }) {
  const active = byId('active-faults')
  for (const [network, faults] of Object.entries(offers)) {
    const buttons = faults.map(({ label, what, ...fault }) => {
      const button = element('button', { type: 'button', className: 'fault', title: what, textContent: label })
      button.addEventListener('click', () => plan({ network, times: Number(byId('times').value), ...fault }))
      return button
    })
    byId(`faults-${network}`).append(...buttons)
  }
  byId('clear-faults').addEventListener('click', removeAll)
  let drawn = ''

  return {
    draw: (faults) => {
      const signature = JSON.stringify(faults)
      if (signature === drawn) return
      drawn = signature
      byId('no-faults').hidden = faults.length > 0
      byId('clear-faults').hidden = faults.length === 0
      active.replaceChildren(...faults.map((fault) => toItem(fault, remove)))
    },
  }
}

function toItem({ id, network, fault, recipient, sender, operation, times, met }, remove) {
  const left = times === 0 ? 'until cleared' : `${times - met} more`
  const only = [operation, sender && `of ${sender}`, recipient && `to ${recipient}`].filter(Boolean).join(' ')
  const text = `${fault}${only && ` (${only})`} · ${left} · met ${met}`
  const stop = element('button', { type: 'button', className: 'stop', textContent: '✕' })
  stop.setAttribute('aria-label', `Clear ${fault} of ${network}`)
  stop.addEventListener('click', () => remove(id))
  return element('li', { className: `active ${network}` }, element('span', { textContent: text }), stop)
}
