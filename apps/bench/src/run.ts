import { NetworkDouble } from './network/network-double.ts'
import type { RunOptions } from './options.ts'
import { describeMachine, type Machine } from './report/machine.ts'
import type { Row } from './report/row.ts'
import { scenarios } from './scenarios/index.ts'
import type { Bench, Scenario } from './scenarios/scenario.ts'
import { quick, type Sizes, usual } from './sizes.ts'
import { baseline } from './stack/baseline.ts'
import { ours } from './stack/ours.ts'
import { Stack } from './stack/stack.ts'

export type Run = {
  readonly options: RunOptions
  /** Where the programs' logs go. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly tell: (what: string) => void
  /** Told of each scenario as it is done. */
  readonly onRows: (scenario: Scenario, rows: readonly Row[]) => void
}

/** What a run comes to; the file of `--json` holds it. */
export type Report = {
  readonly startedAt: string
  readonly machine: Machine
  readonly sizes: Sizes
  readonly concurrency: number
  readonly rows: readonly Row[]
}

/** Starts both stacks, measures what is asked for, and ends them. Rejects when that fails, or is aborted. */
export async function runBench(run: Run): Promise<Report> {
  const { options, folder, tell } = run
  const startedAt = new Date().toISOString()
  tell('starting both stacks')
  const network = await NetworkDouble.open()
  const { concurrency, profile: profiles } = options
  const recipe = { folder, networkUrl: network.url, concurrency, profiles }
  const stacks = { ours: await Stack.start(ours(recipe)), baseline: await Stack.start(baseline(recipe)) }
  try {
    const sizes = sizesFor(options)
    const rows = await runScenarios(run, { sizes, stacks, network, recipe })
    return { startedAt, machine: await describeMachine(stacks.ours), sizes, concurrency, rows }
  } finally {
    await Promise.all(Object.values(stacks).map((stack) => stack.end()))
    await network.close()
  }
}

type Parts = Pick<Bench, 'sizes' | 'stacks' | 'network' | 'recipe'>

async function runScenarios({ options, signal, tell, onRows }: Run, parts: Parts): Promise<Row[]> {
  const all: Row[] = []
  let begun = 0
  const marks = (count: number): number => {
    begun += count
    return begun - count
  }
  for (const scenario of scenarios.filter(({ name }) => options.only.includes(name))) {
    const telling = (what: string): void => tell(`${scenario.name}: ${what}`)
    const rows = await scenario.run({ ...parts, marks, signal, tell: telling })
    onRows(scenario, rows)
    all.push(...rows)
  }
  return all
}

function sizesFor({ quick: isQuick, rounds, messages, soakMinutes }: RunOptions): Sizes {
  const sizes = isQuick ? quick : usual
  return {
    ...sizes,
    ...(rounds !== undefined && { rounds }),
    ...(messages !== undefined && {
      messages,
      weighed: messages,
      warmUp: Math.min(sizes.warmUp, messages),
      warmUpAgain: Math.min(sizes.warmUpAgain, messages),
    }),
    ...(soakMinutes !== undefined && { soakSeconds: soakMinutes * 60 }),
  }
}
