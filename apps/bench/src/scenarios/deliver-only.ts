import { deliverBacklog } from './deliver-backlog.ts'
import { alternate, cpuFigures } from './rounds.ts'
import { prepare, type Scenario } from './scenario.ts'

/** A backlog is delivered; nothing comes in. */
export const deliverOnly: Scenario = {
  name: 'deliver',
  title: 'Deliver only: a backlog, 1 worker, provider latency 0',
  run: async (bench) => {
    await prepare(bench, { senders: 1, workers: 1 })
    return alternate(bench, 'deliver', async (stack) => {
      const { spent, count, perSecond } = await deliverBacklog(bench, stack, { count: bench.sizes.messages })
      const target = { of: 'ratio', atMost: 0.45 } as const
      return [
        ...cpuFigures(spent, count, ['worker', 'redis'], { target }),
        { what: 'delivered', unit: '/s', value: perSecond },
      ]
    })
  },
}
