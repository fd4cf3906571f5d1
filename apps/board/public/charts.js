import { createChart } from './chart.js'
import { byteSteps, countSteps, durationSteps, toBytes, toCount, toDuration, toRate } from './figures.js'

/** In the order of networks; more of them take the colours anew. */
const networkColours = ['one', 'two', 'three', 'four']

/** What of each network is looked at. */
export const waitingOf = ({ waiting }) => waiting.reply + waiting.usual + waiting.slow
export const failedOf = ({ failed }) => Object.values(failed).reduce((sum, count) => sum + count, 0)

/** All charts for these networks, each in its place among the cards that are there already. */
export function createCharts(cards, networks) {
  const { outcomes, parked } = cards.children
  const before = [...networks.map(toQueueChart), createAgeChart(networks), ...networks.map(toRateChart)]
  const [waiting, memory] = [createParkedChart(networks), createMemoryChart()]
  outcomes.before(...before.map(({ figure }) => figure))
  parked.before(waiting.figure)
  parked.after(memory.figure)
  return [...before, waiting, memory]
}

function toQueueChart({ name, title }) {
  const of = (value) => (sample) => sample.networks[name] && value(sample.networks[name])
  return createChart({
    title: `${title}: on the queue`,
    about:
      'Close to 0 is normal. What grows for minutes comes faster than it is taken: add workers, unless the network is slow.',
    format: toCount,
    steps: countSteps,
    least: 5,
    series: [
      { name: 'replies', colour: 'three', title: 'Taken before all others', value: of(({ waiting }) => waiting.reply) },
      { name: 'usual', colour: 'one', title: 'Taken after replies', value: of(({ waiting }) => waiting.usual) },
      {
        name: 'over share',
        colour: 'two',
        title: 'What a flooding sender has above its share, taken after everybody else’s',
        value: of(({ waiting }) => waiting.slow),
      },
      { name: 'in hand', colour: 'four', title: 'With a worker now', value: of(({ active }) => active) },
      {
        name: 'put off',
        colour: 'quiet',
        title: 'Between two attempts, or above a sender’s pace',
        dash: [4, 3],
        value: of(({ putOff }) => putOff),
      },
    ],
  })
}

function toRateChart({ name, title }) {
  const rate = (count) => (sample) => sample.networks[name] && (1000 * count(sample.networks[name])) / sample.spanMs
  return createChart({
    title: `${title}: per second`,
    about:
      'Sent follows accepted; where it stays below, the queue grows. Failed is near 0: the reasons are told beside this.',
    format: toRate,
    series: [
      {
        name: 'accepted',
        colour: 'one',
        title: 'New in the queue: answered 201, or redriven',
        value: rate(({ accepted }) => accepted),
      },
      { name: 'sent', colour: 'good', title: 'Taken by the network', value: rate(({ sent }) => sent) },
      { name: 'failed', colour: 'bad', title: 'Ended in Error', value: rate(failedOf) },
    ],
  })
}

function createAgeChart(networks) {
  return createChart({
    title: 'Oldest that waits',
    about:
      'Less than a second is normal. From a minute on, workers are away, stuck or too few: ask their /health/ready.',
    format: toDuration,
    steps: durationSteps,
    least: 1000,
    series: ofNetworks(networks, ({ oldestMs }) => oldestMs),
  })
}

function createParkedChart(networks) {
  return createChart({
    title: 'Parked deliveries',
    about: '0 is normal. They wait for their senders, which are listed beside this, and end when their validity does.',
    format: toCount,
    steps: countSteps,
    least: 5,
    series: ofNetworks(networks, ({ parked }) => parked),
  })
}

function createMemoryChart() {
  return createChart({
    title: 'Redis: memory',
    about:
      'Well below the limit is normal. Near it (REDIS_MEMORY_PERCENT) new messages are answered 503: raise maxmemory.',
    format: toBytes,
    steps: byteSteps,
    least: 1024 ** 2,
    series: [
      { name: 'used', colour: 'one', value: ({ redis }) => redis.used },
      { name: 'limit', colour: 'bad', dash: [4, 3], title: 'maxmemory', value: ({ redis }) => redis.limit || null },
    ],
  })
}

function ofNetworks(networks, value) {
  return networks.map(({ name, title }, index) => ({
    name: title,
    colour: networkColours[index % networkColours.length],
    value: ({ networks: all }) => all[name] && value(all[name]),
  }))
}
