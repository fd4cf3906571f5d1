import { element } from './element.js'
import { toCount, toDuration } from './figures.js'
import { reasons } from './reasons.js'

/** Fills the table of what deliveries ended in: of these samples, by network. */
export function drawOutcomes(table, networks, samples) {
  const ends = new Map([['sent', networks.map(({ name }) => sumOf(samples, name, ({ sent }) => sent))]])
  for (const reason of reasonsIn(samples))
    ends.set(
      reason,
      networks.map(({ name }) => sumOf(samples, name, ({ failed }) => failed[reason] ?? 0)),
    )
  const [sent, ...failed] = [...ends].map(([end, counts]) => ({
    end,
    counts,
    all: counts.reduce((sum, one) => sum + one, 0),
  }))
  const all = [sent, ...failed].reduce((sum, row) => sum + row.all, 0)
  const rows = [sent, ...failed.toSorted((one, other) => other.all - one.all)]
  const names = networks.map(({ title }) => title)
  fill(
    table,
    ['ended in', ...names, 'share'],
    rows.map((row) => toOutcomeRow(row, all)),
  )
}

/** Fills the table of parked senders. */
export function drawParked(table, { networks, parked, now }) {
  const titles = new Map(networks.map(({ name, title }) => [name, title]))
  const rows = parked.map(({ network, account, sender, waiting, hold }) => [
    element(
      'span',
      {},
      `${titles.get(network)} `,
      element('code', { textContent: sender }),
      element('small', { textContent: `of ${account}` }),
    ),
    element('span', {}, hold?.reason ?? 'released', element('small', { textContent: toWait(hold, now) })),
    toCount(waiting),
  ])
  const heads = rows.length === 0 ? ['None.'] : ['sender', 'because of', 'wait']
  fill(table, heads, rows)
}

function toOutcomeRow({ end, counts, all: ofThis }, all) {
  const share = all === 0 ? 0 : (100 * ofThis) / all
  const bar = element('meter', { min: 0, max: 100, value: share, ariaLabel: `${share.toFixed(1)} % ended in ${end}` })
  bar.className = end === 'sent' ? 'good' : 'bad'
  const meaning = reasons[end] ? [element('small', { textContent: reasons[end] })] : []
  return [
    element('span', {}, end, ...meaning),
    ...counts.map(toCount),
    element('span', {}, bar, ` ${share.toFixed(1)} %`),
  ]
}

function toWait(hold, now) {
  if (hold === undefined) return 'on their way back'
  const ms = hold.until - now
  return `for ${toDuration(now - hold.since)}; next try ${ms > 0 ? `in ${toDuration(ms)}` : 'now'}`
}

function reasonsIn(samples) {
  return new Set(
    samples.flatMap(({ networks }) => Object.values(networks).flatMap(({ failed }) => Object.keys(failed))),
  )
}

function sumOf(samples, name, count) {
  return samples.reduce((sum, { networks }) => sum + (networks[name] ? count(networks[name]) : 0), 0)
}

function fill(table, heads, rows) {
  const head = element('tr', {}, ...heads.map((textContent) => element('th', { scope: 'col', textContent })))
  const body = rows.map(([first, ...others]) =>
    element('tr', {}, element('th', { scope: 'row' }, first), ...others.map((cell) => element('td', {}, cell))),
  )
  const made = element('table', {}, element('thead', {}, head), element('tbody', {}, ...body))
  // What is selected, to be copied, stays so.
  if (made.innerHTML !== table.innerHTML) table.replaceChildren(...made.children)
}
