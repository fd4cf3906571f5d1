/** The value below which so large a share of the values lies (nearest rank); `NaN` where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** The values of several rounds in short. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number }

/** Of no values there is no spread. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** What each round's two values are to each other: rounds are compared with themselves, since the machine changes meanwhile. */
export function ratios(numerators: readonly number[], denominators: readonly number[]): number[] {
  return numerators.flatMap((numerator, round) => {
    const denominator = denominators[round]
    return denominator === undefined || denominator === 0 ? [] : [numerator / denominator]
  })
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const [below = Number.NaN, above = below] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ]
  return (below + above) / 2
}
