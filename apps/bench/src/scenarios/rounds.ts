import { sum } from '../measure/statistics.ts'
import { compare, type Row, type Target } from '../report/row.ts'
import type { PerProcess, Stack } from '../stack/stack.ts'
import type { Bench } from './scenario.ts'

/** Something that was measured of one stack in one round. */
export type Figure = {
  readonly what: string
  readonly unit: string
  readonly value: number
  readonly target?: Target
}

const columns = ['ours', 'baseline'] as const

/** Measures both stacks in turn, in each round the other one first, and puts what was measured side by side. */
export async function alternate(
  bench: Bench,
  scenario: string,
  measure: (stack: Stack) => Promise<readonly Figure[]>,
  rounds = bench.sizes.rounds,
): Promise<Row[]> {
  const found = new Map<string, { figure: Figure; values: { ours: number[]; baseline: number[] } }>()
  for (let round = 0; round < rounds; round += 1) {
    for (const column of round % 2 === 0 ? columns : columns.toReversed()) {
      const stack = bench.stacks[column]
      bench.signal.throwIfAborted()
      bench.tell(`round ${round + 1} of ${rounds}: ${stack.name}`)
      for (const figure of await measure(stack)) {
        const values = found.get(figure.what)?.values ?? { ours: [], baseline: [] }
        values[column].push(figure.value)
        found.set(figure.what, { figure, values })
      }
    }
  }
  return [...found.values()].map(({ figure, values }) => compare({ scenario, ...figure }, values))
}

/** CPU time of each of these processes, and of them together, for each message. */
export function cpuFigures(
  spent: PerProcess,
  count: number,
  processes: readonly (keyof PerProcess)[],
  { prefix = '', target }: { readonly prefix?: string; readonly target?: Target } = {},
): Figure[] {
  const single = processes.map((name) => ({ what: `${prefix}CPU ${name}`, unit: 'µs', value: spent[name] / count }))
  const total = sum(processes.map((name) => spent[name])) / count
  return [
    ...single,
    { what: `${prefix}CPU ${processes.join(' + ')}`, unit: 'µs', value: total, ...(target && { target }) },
  ]
}

/** The CPU time that the work takes each process, in microseconds. */
export async function spentBy<Result>(stack: Stack, work: () => Promise<Result>) {
  await stack.untilCalm()
  const before = await stack.cpu()
  const result = await work()
  const after = await stack.cpu()
  const spent: PerProcess = {
    ingress: after.ingress - before.ingress,
    worker: after.worker - before.worker,
    redis: after.redis - before.redis,
  }
  return { spent, result }
}
