import { deliverBacklog } from './deliver-backlog.ts'
import { alternate, cpuFigures } from './rounds.ts'
import { prepare, type Scenario } from './scenario.ts'

/** What a second worker adds. */
export const workers: Scenario = {
  name: 'workers',
  isLong: true,
  title: 'Deliver only, by 1 and 2 workers: provider latency 0',
  run: async (bench) => {
    const rows = []
    for (const count of [1, 2]) {
      await prepare(bench, { senders: 1, workers: count })
      const prefix = `${count} ${count === 1 ? 'worker' : 'workers'}: `
      const measured = await alternate(bench, 'workers', async (stack) => {
        const { spent, perSecond, ...delivered } = await deliverBacklog(bench, stack, { count: bench.sizes.messages })
        return [
          ...cpuFigures(spent, delivered.count, ['worker', 'redis'], { prefix }).slice(-1),
          { what: `${prefix}delivered`, unit: '/s', value: perSecond },
        ]
      })
      rows.push(...measured)
    }
    return rows
  },
}
