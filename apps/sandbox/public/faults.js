import { byId, element } from './element.js'
import { offers } from './fault-offers.js'

/** The panel of faults: `plan(fault)`, `remove(id)` and `removeAll()` are called for its buttons. */
export function createFaultPanel({ plan, remove, removeAll }) {
  const active = byId('active-faults')
  for (const [network, faults] of Object.entries(offers)) {
    const buttons = faults.map(({ code, words, what, details, ...fault }) => {
      const shown = [code && element('b', {}, code), words].filter(Boolean)
      const button = element('button', { type: 'button', className: 'fault', title: what }, ...shown)
      button.setAttribute('aria-label', [code, words].filter(Boolean).join(' '))
      button.addEventListener('click', () =>
        plan({ network, times: Number(byId('times').value), ...fault, ...details }),
      )
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

function toItem({ id, network, fault, code, recipient, sender, operation, times, met }, remove) {
  const left = times === 0 ? 'until cleared' : `${times - met} more`
  const only = [operation, sender && `of ${sender}`, recipient && `to ${recipient}`].filter(Boolean).join(' ')
  const text = `${fault}${code ? ` ${code}` : ''}${only && ` (${only})`} · ${left} · met ${met}`
  const stop = element('button', { type: 'button', className: 'stop', textContent: '✕' })
  stop.setAttribute('aria-label', `Clear ${fault} of ${network}`)
  stop.addEventListener('click', () => remove(id))
  return element('li', { className: `active ${network}` }, element('span', { textContent: text }), stop)
}
