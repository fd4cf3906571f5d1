import { join } from 'node:path'

import { startChild } from './child.ts'
import { repository } from './repository.ts'
import { onStopRequest } from './signals.ts'
import { green, print, red, since } from './terminal.ts'
import { stayFor } from './waiting.ts'

// `npm run check`: what a developer runs before a commit. The build went before it, so that types are checked already.

const checks = [
  { name: 'Format', tool: 'oxfmt', args: ['--check', '.'], remedy: '`npm run format` puts it right.' },
  { name: 'Lint', tool: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'Unused code and dependencies', tool: 'knip', args: [] },
  { name: 'Boundaries between rooms', tool: 'turbo', args: ['boundaries'] },
]

process.chdir(repository)
for (const check of checks) if (!(await passes(check))) process.exitCode = 1

async function passes({ name, tool, args, remedy = '' }: {...}): Promise<boolean> {
}
