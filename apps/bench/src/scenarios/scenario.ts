import { sendAll } from '../load/closed-loop.ts'
import type { NetworkDouble } from '../network/network-double.ts'
import type { Row } from '../report/row.ts'
import type { Sizes } from '../sizes.ts'
import type { Preparation, Stack } from '../stack/stack.ts'

/** What scenarios work with. */
export type Bench = {
  readonly sizes: Sizes
  readonly stacks: readonly Stack[]
  readonly network: NetworkDouble
  /** How many messages a worker has in hand at a time. */
  readonly concurrency: number
  /** Told what is being done. */
  readonly tell: (what: string) => void
  /** Reserves so many marks for messages; returns the first. */
  readonly marks: (count: number) => number
  readonly signal: AbortSignal
}

/** Something that is measured of both stacks. */
export type Scenario = {
  readonly name: string
  readonly title: string
  readonly run: (bench: Bench) => Promise<Row[]>
}

export type Conditions = Omit<Preparation, 'paced'> & Partial<Preparation>

/** Brings both stacks to the start of a scenario, and lets them run warm: V8 compiles what runs often. */
export async function prepare(bench: Bench, { senders, workers, paced = false }: Conditions): Promise<void> {
  for (const stack of bench.stacks) {
    bench.tell(`${stack.name}: getting ready (${workers} workers, ${senders} senders)`)
    await stack.prepare({ senders, workers, paced })
    await bench.network.start()
    await accept(bench, stack, { senders, count: bench.sizes.warmUp })
    if (workers > 0) await stack.untilDelivered(bench.signal)
    await stack.clear()
  }
}

/** Sends so many messages as fast as the ingress takes them. Resolves with the seconds it took. */
export function accept(bench: Bench, { target }: Stack, { senders, count }: Pick<Conditions, 'senders'> & Counted) {
  const { marks, signal } = bench
  return sendAll({ target, first: marks(count), count, senders, signal })
}

type Counted = { readonly count: number }
