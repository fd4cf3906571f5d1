import { styleText } from 'node:util'

/** Bold, faint and so on where standard output is a terminal that wants it: NO_COLOR (https://no-color.org) forbids it. */
export function styled(style: 'bold' | 'dim' | 'green' | 'yellow', text: string): string {
  return styleText(style, text, { stream: process.stdout })
}

/** Prints lines to standard output. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Prints a value for programs to read. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2))
}

/** Facts one below the other, their names aligned. */
export function toBlock(facts: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(facts).map((name) => name.length))
  const lines = Object.entries(facts).map(([name, value]) => `${styled('dim', name.padEnd(width))}  ${harmless(value)}`)
  return lines.join('\n')
}

/** Rows below headings, in columns. The last column is not padded: it is the place for text in any script. */
export function toTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(harmless))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0)),
  )
  const toLine = (row: readonly string[]): string =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')
  return [styled('bold', toLine(headings)), ...cells.map(toLine)].join('\n')
}

/** What others chose must not steer the terminal it is shown on. */
function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, '�')
}
