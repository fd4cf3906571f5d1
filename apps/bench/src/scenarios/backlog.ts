import type { PerProcess, Stack } from '../stack/stack.ts'
import { deliverWaiting } from './deliver-backlog.ts'
import { alternate, type Figure, spentBy } from './rounds.ts'
import { accept, type Bench, prepare, type Scenario } from './scenario.ts'

/** So many that none is over its share: what waits and what comes later are in one lane, and cost the same. */
const senders = 1000

/** Whether a long queue makes a message dearer. */
export const backlog: Scenario = {
  name: 'backlog',
  isLong: true,
  title: 'With many messages waiting, against none',
  run: async (bench) => {
    await prepare(bench, { senders, workers: 1 })
    return alternate(bench, 'backlog', (stack) => compareBacklogs(bench, stack), 1)
  },
}

/** None wait both before and after: to have many wait takes so long that the machine may be quicker or slower by then. */
async function compareBacklogs(bench: Bench, stack: Stack): Promise<Figure[]> {
  const { waiting } = bench.sizes
  const before = await takeAndDeliver(bench, stack, 0)
  const many = await takeAndDeliver(bench, stack, waiting)
  const after = await takeAndDeliver(bench, stack, 0)
  const at = `with ${waiting.toLocaleString('en')} waiting, against none`
  const target = { of: 'ours', atLeast: 0.9 } as const
  const against = (of: keyof typeof many): number => (2 * many[of]) / (before[of] + after[of])
  return [
    { what: `accepted/s ${at}`, unit: '×', value: against('accepted'), target },
    { what: `delivered/s ${at}`, unit: '×', value: against('delivered'), target },
    { what: `CPU to accept ${at}`, unit: '×', value: against('acceptCpu') },
    { what: `CPU to deliver ${at}`, unit: '×', value: against('deliverCpu') },
  ]
}

/** Accepts as many messages as a round has, then delivers as many. */
async function takeAndDeliver(bench: Bench, stack: Stack, waiting: number) {
  const { messages: count } = bench.sizes
  await stack.pause()
  await stack.clear()
  if (waiting > 0) {
    await accept(bench, stack, { senders, count: senders })
    await stack.addBacklog(waiting - senders, (copied) => bench.tell(`${stack.name}: ${copied} of ${waiting} wait`))
  }
  const taken = await spentBy(stack, () => accept(bench, stack, { senders, count }))
  await stack.untilCalm()
  const delivered = await deliverWaiting(bench, stack, { left: waiting })
  await stack.clear()
  await stack.resume()
  return {
    accepted: count / taken.result,
    acceptCpu: total(taken.spent) / count,
    delivered: delivered.perSecond,
    deliverCpu: total(delivered.spent) / delivered.count,
  }
}

function total({ ingress, worker, redis }: PerProcess): number {
  return ingress + worker + redis
}
