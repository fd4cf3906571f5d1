import { deliverBacklog } from './deliver-backlog.ts'
import { alternate } from './rounds.ts'
import { prepare, type Scenario } from './scenario.ts'

const secondsEach = 4

/** The published limit of a LINE channel: https://developers.line.biz/en/reference/messaging-api/#rate-limits */
const linePerSecond = 2000

/** How much one worker delivers when the network takes its time. */
export const provider: Scenario = {
  name: 'provider',
  isLong: true,
  title: 'Deliver only, for several provider latencies: 1 worker, 1 sender',
  run: async (bench) => {
    await prepare(bench, { senders: 1, workers: 1 })
    const rows = []
    for (const delayMs of bench.sizes.providerLatenciesMs) {
      const most = delayMs === 0 ? Infinity : (Math.max(bench.recipe.concurrency, 50) * 1000 * secondsEach) / delayMs
      const count = Math.min(bench.sizes.messages, most)
      const target = delayMs === 100 ? ({ of: 'ours', atLeast: linePerSecond } as const) : undefined
      const measured = await alternate(
        bench,
        'provider',
        async (stack) => {
          const { perSecond } = await deliverBacklog(bench, stack, { count, delayMs })
          return [
            { what: `provider ${delayMs} ms: delivered`, unit: '/s', value: perSecond, ...(target && { target }) },
          ]
        },
        1,
      )
      rows.push(...measured)
    }
    return rows
  },
}
