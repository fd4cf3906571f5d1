import { failedOf, waitingOf } from './charts.js'
import { element, write } from './element.js'
import { toBytes, toCount, toDuration, toRate } from './figures.js'
import { perSecond } from './history.js'

/** What is told as now is of so long: shorter, and the figures could not be read. */
const nowMs = 10_000

const words = { good: 'well', odd: 'look', bad: 'act' }

/** A card for each network, and one for Redis: the figures of now, and a word on whether they are as they should be. */
export function createSummaries(place, networks) {
  const cards = networks.map(({ name, title }) => ({ name, ...createCard(title) }))
  const redis = createCard('Redis')
  place.replaceChildren(...cards.map(({ card }) => card), redis.card)
  return (history, { durability, unfit }) => {
    const samples = history.within(nowMs)
    const newest = history.newest()
    if (newest === undefined) return
    for (const { name, draw } of cards) if (newest.networks[name]) draw(...toNetwork(name, newest, samples))
    redis.draw(...toRedis(newest.redis, durability, unfit))
  }
}

function createCard(title) {
  const [badge, verdict, list] = [
    element('b', { className: 'badge' }),
    element('p', { className: 'verdict' }),
    element('dl'),
  ]
  const heading = element('h2', { textContent: title })
  const card = element('section', { className: 'card summary' }, heading, badge, verdict, list)
  card.setAttribute('aria-label', `${title} now`)
  const values = new Map()
  const draw = (level, told, figures) => {
    card.dataset.level = level
    write(badge, words[level])
    write(verdict, told)
    for (const [name, text] of Object.entries(figures)) {
      if (!values.has(name)) {
        values.set(name, element('dd'))
        list.append(element('div', {}, element('dt', { textContent: name }), values.get(name)))
      }
      write(values.get(name), text)
    }
  }
  return { card, draw }
}

function toNetwork(name, newest, samples) {
  const level = newest.networks[name]
  const rate = (count) => perSecond(samples, ({ networks }) => (networks[name] ? count(networks[name]) : 0))
  const [sent, failed] = [rate((one) => one.sent), rate(failedOf)]
  return [
    ...judge(level, failed, sent),
    {
      waiting: toCount(waitingOf(level)),
      oldest: level.oldestMs === 0 ? '–' : toDuration(level.oldestMs),
      accepted: toRate(rate((one) => one.accepted)),
      sent: toRate(sent),
      failed: toRate(failed),
      parked: toCount(level.parked),
    },
  ]
}

/** The worst that is to be said. What it compares with is told beside the charts. */
function judge({ oldestMs, parkedSenders }, failed, sent) {
  if (oldestMs > 60_000) return ['bad', `a delivery has waited ${toDuration(oldestMs)} to be taken`]
  if (failed > 0.1 * (failed + sent)) return ['odd', 'more than a tenth of what ends fails']
  if (parkedSenders > 0)
    return ['odd', parkedSenders === 1 ? 'a sender is parked' : `${parkedSenders} senders are parked`]
  if (oldestMs > 10_000) return ['odd', `a delivery has waited ${toDuration(oldestMs)} to be taken`]
  return ['good', 'what comes is delivered']
}

function toRedis({ used, limit }, durability, unfit) {
  const percent = limit > 0 && used !== undefined ? (100 * used) / limit : 0
  const figures = {
    used: used === undefined ? 'not told' : toBytes(used),
    limit: limit > 0 ? `${toBytes(limit)} (${percent.toFixed(0)} %)` : 'none',
  }
  if (unfit) return ['bad', unfit, figures]
  if (percent > 90) return ['bad', 'its memory is nearly full: new messages are answered 503', figures]
  if (durability && !durability.kept) return ['odd', durability.words, figures]
  if (percent > 75) return ['odd', 'three quarters of its memory are full', figures]
  return ['good', durability?.words ?? '', figures]
}
