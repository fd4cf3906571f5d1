import { sendAll } from '../load/closed-loop.ts'
import type { NetworkDouble } from '../network/network-double.ts'
import type { Row } from '../report/row.ts'
import type { Sizes } from '../sizes.ts'
import type { RecipeOptions } from '../stack/recipe.ts'
import type { Preparation, Stack } from '../stack/stack.ts'

/** What scenarios work with. */
export type Bench = {
  readonly sizes: Sizes
  /** Those that are measured against each other, by the column of the table. */
  readonly stacks: { readonly ours: Stack; readonly baseline: Stack }
  readonly network: NetworkDouble
  /** What the stacks were started with. */
  readonly recipe: RecipeOptions
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
  /** Left out of a quick run, unless it is asked for by name. */
  readonly isLong?: true
  readonly run: (bench: Bench) => Promise<Row[]>
}

export type Conditions = Omit<Preparation, 'paced'> & Partial<Preparation>

/** Brings both stacks to the start of a scenario, and lets them run warm: V8 compiles what runs often. What was warm is soon again. */
export async function prepare(bench: Bench, { senders, workers, paced = false }: Conditions): Promise<void> {
  const { warmUp, warmUpAgain } = bench.sizes
  for (const stack of Object.values(bench.stacks)) {
    bench.tell(`${stack.name}: getting ready (${workers} workers, ${senders} senders)`)
    const isWarm = await stack.prepare({ senders, workers, paced })
    await bench.network.start()
    await accept(bench, stack, { senders, count: isWarm ? warmUpAgain : warmUp })
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
