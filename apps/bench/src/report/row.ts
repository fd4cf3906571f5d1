import { ratios, type Spread, spreadOf } from '../measure/statistics.ts'

/** What is aimed at: the figure of ours, or its ratio to the baseline's. */
export type Target = { readonly of: 'ours' | 'ratio' } & ({ readonly atMost: number } | { readonly atLeast: number })

/** One thing that was measured of both stacks. */
export type Row = {
  readonly scenario: string
  readonly what: string
  readonly unit: string
  readonly ours: Spread | undefined
  readonly baseline: Spread | undefined
  /** Ours to the baseline, round by round. */
  readonly ratio: Spread | undefined
  readonly target: Target | undefined
  /** Whether the median is on the right side of the target. */
  readonly met: boolean | undefined
}

type Compared = Pick<Row, 'scenario' | 'what' | 'unit'> & { readonly target?: Target }
type Values = { readonly ours: readonly number[]; readonly baseline: readonly number[] }

/** The values of all rounds as a row. */
export function compare({ scenario, what, unit, target }: Compared, values: Values): Row {
  const measured = {
    ours: spreadOf(values.ours),
    baseline: spreadOf(values.baseline),
    ratio: spreadOf(ratios(values.ours, values.baseline)),
  }
  const met = target === undefined ? undefined : isMet(target, measured[target.of])
  return { scenario, what, unit, ...measured, target, met }
}

/** What was not measured is not known to be met. */
function isMet(target: Target, measured: Spread | undefined): boolean | undefined {
  if (measured === undefined) return undefined
  return 'atMost' in target ? measured.median <= target.atMost : measured.median >= target.atLeast
}
