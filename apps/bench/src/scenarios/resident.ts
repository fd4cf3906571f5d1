import { setTimeout as wait } from 'node:timers/promises'

import { sendEvenly } from '../load/open-loop.ts'
import { percentile } from '../measure/statistics.ts'
import type { PerProcess, Stack } from '../stack/stack.ts'
import { alternate, type Figure, spentBy } from './rounds.ts'
import { type Bench, prepare, type Scenario } from './scenario.ts'

const perSecond = 1000
const mebibyte = 1024 ** 2
const sampleMs = 500

/** What the programs hold of the machine's memory under load, and what they do when there is nothing to do. */
export const resident: Scenario = {
  name: 'resident',
  isLong: true,
  title: `Resident memory at ${perSecond} messages a second, and CPU when idle`,
  run: async (bench) => {
    await prepare(bench, { senders: 1, workers: 1 })
    return alternate(
      bench,
      'resident',
      async (stack) => [...(await load(bench, stack)), ...(await idle(bench, stack))],
      1,
    )
  },
}

async function load({ sizes, marks, signal, network }: Bench, stack: Stack): Promise<Figure[]> {
  const seconds = sizes.soakSeconds
  const samples: PerProcess[] = []
  const over = new AbortController()
  const sampling = (async () => {
    for (; !over.signal.aborted; await wait(sampleMs)) samples.push(await stack.resident())
  })()
  await network.start()
  const first = marks(perSecond * seconds)
  try {
    await sendEvenly({ send: (index) => stack.target.send(index, 0), first, perSecond, seconds, signal })
    await stack.untilDelivered(signal)
  } finally {
    over.abort()
    await sampling
  }
  await stack.clear()
  return (['ingress', 'worker'] as const).flatMap((name) => {
    const held = samples.map((sample) => sample[name] / mebibyte)
    const third = Math.ceil(held.length / 3)
    const growth = percentile(held.slice(-third), 0.5) / percentile(held.slice(0, third), 0.5)
    return [
      {
        what: `${name}, the most`,
        unit: 'MiB',
        value: Math.max(...held),
        target: { of: 'ours', atMost: 160 } as const,
      },
      { what: `${name}, last third of ${seconds} s against first`, unit: '×', value: growth },
    ]
  })
}

async function idle({ sizes }: Bench, stack: Stack): Promise<Figure[]> {
  const { spent } = await spentBy(stack, () => wait(sizes.idleSeconds * 1000))
  return (['ingress', 'worker', 'redis'] as const).map((name) => ({
    what: `${name} idle`,
    unit: 'ms CPU/s',
    value: spent[name] / 1000 / sizes.idleSeconds,
  }))
}
