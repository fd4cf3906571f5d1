import type { Stack } from '../stack/stack.ts'
import { alternate, cpuFigures, type Figure, spentBy } from './rounds.ts'
import { accept, type Bench, prepare, type Scenario } from './scenario.ts'

/** Requests are taken in as fast as they are answered, and delivered meanwhile. */
export const endToEnd: Scenario = {
  name: 'e2e',
  title: 'End to end: 64 connections, 1 worker, provider latency 0',
  run: async (bench) => {
    await prepare(bench, { senders: 1, workers: 1 })
    return alternate(bench, 'e2e', (stack) => passThrough(bench, stack, 1))
  },
}

/** As end to end, for several numbers of senders. */
export const senders: Scenario = {
  name: 'senders',
  isLong: true,
  title: 'End to end for several numbers of senders',
  run: async (bench) => {
    const rows = []
    for (const count of bench.sizes.senders) {
      await prepare(bench, { senders: count, workers: 1 })
      const figures = async (stack: Stack): Promise<Figure[]> =>
        (await passThrough(bench, stack, count))
          .filter(({ what }) => what.includes('+') || !what.startsWith('CPU'))
          .map(({ what, unit, value }) => ({ what: `${count} senders: ${what}`, unit, value }))
      rows.push(...(await alternate(bench, 'senders', figures)))
    }
    return rows
  },
}

/** Has a round's messages accepted and delivered at once, and measures what that takes. */
export async function passThrough(bench: Bench, stack: Stack, senderCount: number): Promise<Figure[]> {
  const count = bench.sizes.messages
  await bench.network.start()
  const startedAt = performance.now()
  const { spent } = await spentBy(stack, async () => {
    await accept(bench, stack, { senders: senderCount, count })
    await stack.untilDelivered(bench.signal)
  })
  const seconds = (performance.now() - startedAt) / 1000
  await stack.clear()
  const target = { of: 'ratio', atMost: 0.55 } as const
  return [
    ...cpuFigures(spent, count, ['ingress', 'worker', 'redis'], { target }),
    { what: 'accepted and delivered', unit: '/s', value: count / seconds },
  ]
}
