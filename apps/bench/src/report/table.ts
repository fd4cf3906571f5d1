import type { Spread } from '../measure/statistics.ts'
import type { Row, Target } from './row.ts'

const header = ['', 'ours', 'baseline', 'ratio', 'target', '']

/** Rows as the lines of a table, its header first. `paint` colours what is said of a target. */
export function toTable(rows: readonly Row[], paint: (text: string, met: boolean) => string): string[] {
  const cells = [header, ...rows.map(toCells)]
  const widths = header.map((_cell, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row, index) => {
    const met = rows[index - 1]?.met
    const padded = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    const last = padded.at(-1) ?? ''
    return [...padded.slice(0, -1), met === undefined ? last : paint(last, met)].join('   ').trimEnd()
  })
}

function toCells({ what, unit, ours, baseline, ratio, target, met }: Row): string[] {
  return [
    `${what} (${unit})`,
    toCell(ours),
    toCell(baseline),
    toCell(ratio),
    target === undefined ? '' : toWords(target),
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ]
}

/** The median, and where the rounds differ by how much. */
function toCell(spread: Spread | undefined): string {
  if (spread === undefined) return '–'
  const { median, min, max } = spread
  const [middle, low, high] = [median, min, max].map(toShort)
  return low === high ? `${middle}` : `${middle} (${low}–${high})`
}

function toWords(target: Target): string {
  const whose = target.of === 'ratio' ? 'ratio' : 'ours'
  return 'atMost' in target ? `${whose} ≤ ${target.atMost}` : `${whose} ≥ ${target.atLeast}`
}

/** Three digits that count, and no more. */
export function toShort(value: number): string {
  if (!Number.isFinite(value)) return 'none'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits)
}
