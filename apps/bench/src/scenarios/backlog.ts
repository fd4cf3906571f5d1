import type { PerProcess, Stack } from '../stack/stack.ts'
import { deliverWaiting } from './deliver-backlog.ts'
import { alternate, type Figure, spentBy } from './rounds.ts'
import { accept, type Bench, prepare, type Scenario } from './scenario.ts'

/** Whether a long queue makes a message dearer. */
export const backlog: Scenario = {
  name: 'backlog',
  isLong: true,
  title: 'With many messages waiting, against none',
  run: async (bench) => {
    await prepare(bench, { senders: 1, workers: 1 })
    return alternate(bench, 'backlog', (stack) => compareBacklogs(bench, stack), 1)
  },
}

async function compareBacklogs(bench: Bench, stack: Stack): Promise<Figure[]> {
  const { waiting } = bench.sizes
  await stack.pause()
  const none = await takeAndDeliver(bench, stack, 0)
  await accept(bench, stack, { senders: 1, count: 1 })
  await stack.addBacklog(waiting - 1, (copied) => bench.tell(`${stack.name}: ${copied} of ${waiting} wait`))
  const many = await takeAndDeliver(bench, stack, waiting)
  await stack.clear()
  await stack.resume()
  const at = `with ${waiting.toLocaleString('en')} waiting, against none`
  const target = { of: 'ours', atLeast: 0.9 } as const
  return [
    { what: `accepted/s ${at}`, unit: '×', value: many.accepted / none.accepted, target },
    { what: `delivered/s ${at}`, unit: '×', value: many.delivered / none.delivered, target },
    { what: `CPU to accept ${at}`, unit: '×', value: many.acceptCpu / none.acceptCpu },
    { what: `CPU to deliver ${at}`, unit: '×', value: many.deliverCpu / none.deliverCpu },
  ]
}

/** Accepts as many messages as a round has, then delivers as many. */
async function takeAndDeliver(bench: Bench, stack: Stack, left: number) {
  const { messages: count } = bench.sizes
  const taken = await spentBy(stack, () => accept(bench, stack, { senders: 1, count }))
  await stack.untilCalm()
  const delivered = await deliverWaiting(bench, stack, { left })
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
