import { setTimeout as wait } from 'node:timers/promises'

import { sendEvenly } from '../load/open-loop.ts'
import { percentile } from '../measure/statistics.ts'
import type { Stack } from '../stack/stack.ts'
import { alternate, type Figure } from './rounds.ts'
import { type Bench, prepare, type Scenario } from './scenario.ts'

/** What the network takes for a call: so long that a worker delivers less than the flood brings, and the ingress could take more. */
const delayMs = 1000

/** What the network takes of the flooding sender a second where it throttles. */
const throttledPerSecond = 100

/** Of each of the two senders that do not flood. */
const calmPerSecond = 10
const calm = [
  { name: 'B', sender: 1, isReply: false },
  { name: 'C, replies', sender: 2, isReply: true },
] as const
const flooding = 0

const arrivalLimitMs = 60_000
const lookMs = 100

/** What others notice of one sender's flood. */
export const flood: Scenario = {
  name: 'flood',
  isLong: true,
  title: `Sender A floods; B sends and C replies ${calmPerSecond}/s each: from POST to the network (1 worker, provider latency ${delayMs} ms)`,
  run: async (bench) => {
    await prepare(bench, { senders: 3, workers: 1, paced: true })
    return alternate(bench, 'flood', (stack) => compareFloods(bench, stack), 1)
  },
}

async function compareFloods(bench: Bench, stack: Stack): Promise<Figure[]> {
  const idle = await offer(bench, stack, {})
  const { messages } = bench.sizes.flood
  const flooded = await offer(bench, stack, { messages })
  const throttled = await offer(bench, stack, { messages, throttledPerSecond })
  return calm.flatMap(({ name }, index) => {
    const alone = idle[index] ?? Number.NaN
    const against = (p99 = Number.NaN, when: string): Figure[] => [
      { what: `${name}: p99 while ${when}`, unit: 'ms', value: p99, target: { of: 'ours', atMost: 250 } },
      {
        what: `${name}:   while ${when}, against idle`,
        unit: '×',
        value: p99 / alone,
        target: { of: 'ours', atMost: 3 },
      },
    ]
    return [
      { what: `${name}: p99 idle`, unit: 'ms', value: alone },
      ...against(flooded[index], 'A floods'),
      ...against(throttled[index], `A floods, and gets 429 above ${throttledPerSecond}/s`),
    ]
  })
}

type Flood = { readonly messages?: number; readonly throttledPerSecond?: number }

/** The time to the network of those that do not flood, in milliseconds: p99 of each. */
async function offer(bench: Bench, stack: Stack, { messages = 0, throttledPerSecond: perSecond }: Flood) {
  const { network, sizes, signal } = bench
  const { seconds, perSecond: floodPerSecond } = sizes.flood
  const length = calm.length * calmPerSecond * seconds
  const [first, floodFirst] = [bench.marks(length), bench.marks(messages)]
  const throttle = perSecond === undefined ? undefined : { from: floodFirst, perSecond }
  await network.start({ first, length, delayMs, throttle })
  const sendCalmly = (index: number): Promise<void> => {
    const { sender, isReply } = calm[(index - first) % calm.length] ?? calm[0]
    return stack.target.send(index, sender, isReply)
  }
  // An ingress that refuses some of a flood does as it should.
  const sendFlood = (index: number): Promise<void> => stack.target.send(index, flooding).catch(() => undefined)
  const [{ dueAt }] = await Promise.all([
    sendEvenly({ send: sendCalmly, first, perSecond: calm.length * calmPerSecond, seconds, signal }),
    sendEvenly({
      send: sendFlood,
      first: floodFirst,
      perSecond: floodPerSecond,
      seconds: messages / floodPerSecond,
      signal,
    }),
  ])
  const arrived = await arrivals(bench)
  await stack.leaveRest(signal)
  const afterMs = dueAt.map((due, index) => (arrived[index] ?? Infinity) - due)
  return calm.map((_sender, place) =>
    percentile(
      afterMs.filter((_ms, index) => index % calm.length === place),
      0.99,
    ),
  )
}

/** When each arrived; `null` where it has not even a minute later. */
async function arrivals({ network, signal }: Bench): Promise<readonly (number | null)[]> {
  const deadline = performance.now() + arrivalLimitMs
  for (;;) {
    const arrived = await network.arrivals()
    signal.throwIfAborted()
    if (!arrived.includes(null) || performance.now() > deadline) return arrived
    await wait(lookMs)
  }
}
