import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { repository } from '@ott/local'

/** What the README's short table says of one variable: by program, the default in backticks, `required`, or '' for words. */
export type TableEntry = { readonly name: string; readonly defaults: ReadonlyMap<string, string> }

/** Every program that is set up by its environment alone. */
const all = ['board', 'callbacks', 'ingress', 'sandbox', 'worker']

/**
 * The README's table of variables. A row's variables share what the other cells say, or those say it of each, between semicolons; where
 * a cell has several defaults, they are those of the programs in their order.
 */
export async function readmeTable(): Promise<readonly TableEntry[]> {
  const readme = await readFile(join(repository, 'README.md'), 'utf8')
  const [, rows = ''] = /^\| variable \| default \| read by \| \|\n\|[-|]+\n((?:\|.*\n)+)/m.exec(readme) ?? []
  return rows
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [names = '', defaults = '', programs = ''] = row.split('|').slice(1)
      return [...names.matchAll(/`(\w+)`/g)].map(([, name = ''], index) => ({
        name,
        defaults: zip(programsOf(part(programs, index)), defaultsOf(part(defaults, index))),
      }))
    })
}

/** What a cell says of its row's variable at this place. */
function part(cell: string, index: number): string {
  const parts = cell.split(';')
  return (parts.length === 1 ? parts[0] : parts[index])?.trim() ?? ''
}

function programsOf(cell: string): readonly string[] {
  return cell === 'all' ? all : cell.split(', ')
}

function defaultsOf(cell: string): readonly string[] {
  const each = cell.match(/`[^`]*`|[^,`][^,]*/g) ?? []
  return each
    .map((text) => text.trim())
    .filter(Boolean)
    .map((text) => {
      if (text === 'required') return text
      return text.startsWith('`') ? text.replaceAll('`', '') : ''
    })
}

function zip(programs: readonly string[], defaults: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    programs.map((program, index) => [program, (defaults.length === 1 ? defaults[0] : defaults[index]) ?? '?']),
  )
}
