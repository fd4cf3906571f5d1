import { alternate, cpuFigures, spentBy } from './rounds.ts'
import { accept, prepare, type Scenario } from './scenario.ts'

/** Requests are taken in as fast as they are answered; nobody takes the messages off the queue. */
export const acceptOnly: Scenario = {
  name: 'accept',
  title: 'Accept only: no worker, 64 connections',
  run: async (bench) => {
    const count = bench.sizes.messages
    await prepare(bench, { senders: 1, workers: 0 })
    return alternate(bench, 'accept', async (stack) => {
      const { spent, result: seconds } = await spentBy(stack, () => accept(bench, stack, { senders: 1, count }))
      await stack.clear()
      const target = { of: 'ratio', atMost: 0.9 } as const
      return [
        ...cpuFigures(spent, count, ['ingress', 'redis'], { target }),
        { what: 'accepted', unit: '/s', value: count / seconds },
      ]
    })
  },
}
