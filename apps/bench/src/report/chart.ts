import type { Row } from './row.ts'
import { toShort } from './table.ts'

const scenarioNames: Readonly<Record<string, string>> = {
  accept: 'Accept a message',
  deliver: 'Deliver a message',
  e2e: 'End to end',
}

const colours: Readonly<Record<string, string>> = { ingress: '#2f6fb0', worker: '#e08a1e', redis: '#b5382e' }

const left = 190
const barWidth = 480
const barHeight = 20
const rowHeight = 26
const groupGap = 14
const top = 70

type Part = { readonly process: string; readonly microseconds: number }
type Bar = { readonly label: string; readonly parts: readonly Part[] }

/** The CPU time of a message, by process, ours above the baseline, as an SVG image. Nothing where it was not measured. */
export function toChart(rows: readonly Row[], caption: string): string | undefined {
  const bars = Object.entries(scenarioNames).flatMap(([scenario, name]) => toBars(rows, scenario, name))
  if (bars.length < Object.keys(scenarioNames).length * 2) return undefined
  const longest = Math.max(...bars.map(totalOf))
  const drawn = bars.map((bar, index) => drawBar(bar, index, barWidth / longest))
  const height = yOf(bars.length) + 10
  const width = left + barWidth + 80
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="12" y="24" font-size="16" font-weight="bold">CPU microseconds for each message</text>
<text x="12" y="42" fill="#666666" font-size="11">${escape(caption)}</text>
${drawLegend()}
${drawn.join('\n')}
</svg>
`
}

function toBars(rows: readonly Row[], scenario: string, name: string): Bar[] {
  const parts = (stack: 'ours' | 'baseline'): Part[] =>
    Object.keys(colours).flatMap((process) => {
      const found = rows.find((row) => row.scenario === scenario && row.what === `CPU ${process}`)?.[stack]
      return found === undefined ? [] : [{ process, microseconds: found.median }]
    })
  const bars = [
    { label: `${name}: ours`, parts: parts('ours') },
    { label: 'baseline', parts: parts('baseline') },
  ]
  return bars.filter((bar) => bar.parts.length > 0)
}

function totalOf({ parts }: Bar): number {
  return parts.reduce((sum, { microseconds }) => sum + microseconds, 0)
}

function yOf(index: number): number {
  return top + index * rowHeight + Math.floor(index / 2) * groupGap
}

function drawBar(bar: Bar, index: number, scale: number): string {
  const y = yOf(index)
  let x = left
  const parts = bar.parts.map(({ process, microseconds }) => {
    const width = microseconds * scale
    const drawn = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${barHeight}" fill="${colours[process]}"/>`
    x += width
    return drawn
  })
  const label = `<text x="${left - 8}" y="${y + 15}" text-anchor="end">${escape(bar.label)}</text>`
  const total = `<text x="${(x + 6).toFixed(1)}" y="${y + 15}">${toShort(totalOf(bar))}</text>`
  return [label, ...parts, total].join('')
}

function drawLegend(): string {
  return Object.entries(colours)
    .map(([process, colour], index) => {
      const x = left + index * 90
      return `<rect x="${x}" y="50" width="11" height="11" fill="${colour}"/><text x="${x + 16}" y="60">${process}</text>`
    })
    .join('')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
