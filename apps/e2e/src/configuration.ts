import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { repository, runOnce } from '@ott/local'
import { z } from 'zod'

const Variable = z.object({
  name: z.string(),
  description: z.string(),
  isRequired: z.boolean(),
  usual: z.string(),
})
type Variable = z.infer<typeof Variable>

/** One row of the reference: programs that read a variable alike share it. */
type Row = Variable & { readonly programs: string[] }

/** docs/configuration.md, made of what the programs say of themselves. */
export async function configurationReference(): Promise<string> {
  const rows = new Map<string, Row>()
  for (const program of await programs()) {
    for (const variable of await variablesOf(program)) {
      const alike = JSON.stringify(variable)
      const row = rows.get(alike) ?? { ...variable, programs: [] }
      rows.set(alike, { ...row, programs: [...row.programs, program] })
    }
  }
  return `${head}\n${[...rows.values()].toSorted(byName).map(toLine).join('\n')}\n`
}

const head = `# Configuration

Every program reads its environment once, and ends at once with every fault named if it is bad. An empty variable counts as not set. \`--help\` prints the same:
\`node apps/worker/dist/main.js --help\`.

This page is made from the programs' own schemas by \`npm run docs\`, and a test holds it true.

| variable | default | read by | |
|---|---|---|---|`

/** Those that are set up by their environment alone. */
async function programs(): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob('apps/*/src/main.ts', { cwd: repository })) {
    if ((await readFile(join(repository, file), 'utf8')).includes('runProgram(')) found.push(file.split('/')[1] ?? '')
  }
  return found.toSorted()
}

async function variablesOf(program: string): Promise<readonly Variable[]> {
  const told = await runOnce({ file: `apps/${program}/dist/main.js`, args: ['--help', '--json'], env: {} })
  return z.array(Variable).parse(JSON.parse(told))
}

function byName(one: Row, other: Row): number {
  return one.name.localeCompare(other.name) || one.programs.join().localeCompare(other.programs.join())
}

function toLine({ name, usual, isRequired, programs: readers, description }: Row): string {
  const text = `${description.charAt(0).toUpperCase()}${description.slice(1)}`.replaceAll('|', '\\|')
  return `| \`${name}\` | ${isRequired ? 'required' : usual === '' ? '' : `\`${usual}\``} | ${readers.join(', ')} | ${text} |`
}
