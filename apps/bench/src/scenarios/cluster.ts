import { sum } from '../measure/statistics.ts'
import { oursOnCluster } from '../stack/ours.ts'
import { Stack } from '../stack/stack.ts'
import { passThrough } from './end-to-end.ts'
import { alternate, type Figure } from './rounds.ts'
import { type Bench, prepare, type Scenario } from './scenario.ts'

/** So many that each of the three queues has some. */
const senders = 12

/** What a Redis Cluster costs a message, and how evenly its nodes share the work. */
export const cluster: Scenario = {
  name: 'cluster',
  isLong: true,
  title: `End to end, our stack twice: ours is a Redis Cluster of 3 nodes with 3 queues, baseline one Redis with 1 queue (${senders} senders, 1 worker)`,
  run: async (bench) => {
    const ours = await Stack.start(oursOnCluster(bench.recipe))
    try {
      const both: Bench = { ...bench, stacks: { ours, baseline: bench.stacks.ours } }
      await prepare(both, { senders, workers: 1 })
      return await alternate(both, 'cluster', (stack) => measureSpread(both, stack))
    } finally {
      await ours.end()
    }
  },
}

async function measureSpread(bench: Bench, stack: Stack): Promise<Figure[]> {
  // The removal of what a round leaves is within: it falls to the nodes as the messages did.
  const before = await stack.redisCpu()
  const figures = await passThrough(bench, stack, senders)
  const after = await stack.redisCpu()
  const spent = after.map((cpu, node) => cpu - (before[node] ?? 0))
  const busiest = Math.max(...spent) / sum(spent)
  return [
    ...figures.map(({ what, unit, value }) => ({ what, unit, value })),
    { what: 'busiest node, of the CPU of Redis', unit: '%', value: busiest * 100 },
  ]
}
