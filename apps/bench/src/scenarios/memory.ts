import type { Stack } from '../stack/stack.ts'
import { deliverWaiting } from './deliver-backlog.ts'
import { alternate, type Figure } from './rounds.ts'
import { accept, type Bench, prepare, type Scenario } from './scenario.ts'

/** What a message takes of Redis's memory, while it waits and when it is finished. */
export const memory: Scenario = {
  name: 'memory',
  title: 'Redis memory for each delivery, all of its keys together',
  run: async (bench) => {
    await prepare(bench, { senders: 1, workers: 1 })
    return alternate(bench, 'memory', (stack) => weigh(bench, stack), 1)
  },
}

async function weigh(bench: Bench, stack: Stack): Promise<Figure[]> {
  const { weighed: count } = bench.sizes
  await stack.pause()
  const empty = await stack.usedMemory()
  await accept(bench, stack, { senders: 1, count })
  const waiting = ((await stack.usedMemory()) - empty) / count
  await deliverWaiting(bench, stack, {})
  const finished = ((await stack.usedMemory()) - empty) / count
  await stack.clear()
  await stack.resume()
  return [
    { what: 'waiting', unit: 'bytes', value: waiting, target: { of: 'ours', atMost: 1150 } },
    { what: 'finished, kept for status', unit: 'bytes', value: finished },
    { what: 'finished, against waiting', unit: '×', value: finished / waiting, target: { of: 'ours', atMost: 1.3 } },
  ]
}
