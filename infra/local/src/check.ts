import { join } from 'node:path'

import { startChild } from './child.ts'
import { repository } from './repository.ts'
import { green, print, red, since } from './terminal.ts'
import { stayFor } from './waiting.ts'

// `npm run check`: what a developer runs before a commit. The types were checked by the build before it.

const checks = [
  { subject: 'Format', tool: 'oxfmt', args: ['--check'] },
  { subject: 'Lint', tool: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { subject: 'Nothing unused', tool: 'knip', args: ['--no-progress'] },
  { subject: 'Borders between rooms', tool: 'turbo', args: ['boundaries'] },
]

process.chdir(repository)
for (const { subject, tool, args } of checks) if (!(await passes(subject, tool, args))) process.exitCode = 1

async function passes(subject: string, tool: string, args: readonly string[]): Promise<boolean> {
  const startedAt = performance.now()
  const child = await startChild({
    command: join(repository, 'node_modules/.bin', tool),
    args,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  })
  const passed = (await stayFor(child.ended)) === 'exit code 0'
  print(`${passed ? green('✓') : red('✗')} ${subject} … ${since(startedAt)}`)
  if (!passed) print(`\n${child.lines.map((line) => `    ${line}`).join('\n')}\n`)
  return passed
}
