import { findPrograms, runOnce } from '@ott/local'
import { z } from 'zod'

const Variable = z.object({
  name: z.string(),
  description: z.string(),
  isRequired: z.boolean().default(false),
  usual: z.string(),
})
/** A variable as the program that reads it tells of it. */
export type Variable = z.infer<typeof Variable>

/** One row of the reference: programs that read a variable alike share it. */
type Row = Variable & { readonly programs: string[] }

/** What each program reads, by the program's name, as it tells of itself. */
export async function variablesByProgram(): Promise<ReadonlyMap<string, readonly Variable[]>> {
  const all = new Map<string, readonly Variable[]>()
  const programs = (await findPrograms()).map((name) => [name, `apps/${name}/dist/main.js`] as const)
  for (const [program, file] of [...programs, ...commands]) all.set(program, await variablesOf(file))
  return all
}

/** docs/configuration.md, made of what the programs say of themselves. */
export function configurationReference(variables: ReadonlyMap<string, readonly Variable[]>): string {
  const rows = new Map<string, Row>()
  for (const [program, read] of variables) {
    for (const variable of read) {
      const alike = JSON.stringify(variable)
      const row = rows.get(alike) ?? { ...variable, programs: [] }
      rows.set(alike, { ...row, programs: [...row.programs, program] })
    }
  }
  return `${head}\n${[...rows.values()].toSorted(byName).map(toLine).join('\n')}\n`
}

const head = `# Configuration

Every program reads its environment once, and ends at once with every fault named if it is bad. An empty variable counts as not set. \`--help\` prints the same:
\`node apps/worker/dist/main.js --help\`. \`ott\` reads what a command needs, and finds what is not set where \`npm start\` keeps it; \`npm start\` hands on to
the programs whatever else is set.

This page is made from the programs' own schemas by \`npm run docs\`, and a test holds it true.

| variable | default | read by | |
|---|---|---|---|`

/** What people start that is set up by arguments too. */
const commands = [
  ['ott', 'apps/cli/dist/main.js'],
  ['npm start', 'infra/local/dist/start.js'],
] as const

async function variablesOf(file: string): Promise<readonly Variable[]> {
  const told = await runOnce({ file, args: ['--help', '--json'], env: {} })
  return z.array(Variable).parse(JSON.parse(told))
}

function byName(one: Row, other: Row): number {
  return one.name.localeCompare(other.name) || one.programs.join().localeCompare(other.programs.join())
}

function toLine({ name, usual, isRequired, programs: readers, description }: Row): string {
  const text = `${description.charAt(0).toUpperCase()}${description.slice(1)}`.replaceAll('|', '\\|')
  return `| \`${name}\` | ${isRequired ? 'required' : usual === '' ? '' : `\`${usual}\``} | ${readers.join(', ')} | ${text} |`
}
