import { join } from 'node:path'

import { startChild } from './child.ts'
import { repository } from './repository.ts'
import { jestOnModules } from './test-run.ts'
import { green, print, red, since, whileWaiting } from './terminal.ts'
import { stayFor } from './waiting.ts'

// `npm run check`: what a developer runs before a commit. The types were checked by the build before it.

/** `unless`: what it says when it could not look, which is not to find something. */
type Check = {
  readonly subject: string
  readonly tool: string
  readonly args: readonly string[]
  readonly unless?: RegExp
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>
}

const checks: readonly Check[] = [
  { subject: 'Format', tool: 'oxfmt', args: ['--check'] },
  { subject: 'Lint', tool: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { subject: 'Nothing unused', tool: 'knip', args: ['--no-progress'] },
  { subject: 'Borders between rooms', tool: 'turbo', args: ['boundaries'] },
  {
    subject: 'Files to deploy with',
    tool: 'turbo',
    args: ['run', 'test', '--filter=@ott/deployment', '--output-logs=errors-only'],
    env: jestOnModules,
  },
  {
    subject: 'Known vulnerabilities',
    tool: 'pnpm',
    args: ['audit', '--audit-level=moderate'],
    // Without a network, or at a registry that has no audits.
    unless: /ERR_PNPM_AUDIT_BAD_RESPONSE|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET/,
  },
]

process.chdir(repository)
for (const check of checks) if (!(await passes(check))) process.exitCode = 1

async function passes({ subject, tool, args, unless, env }: Check): Promise<boolean> {
  const startedAt = performance.now()
  const child = await startChild({
    command: join(repository, 'node_modules/.bin', tool),
    args,
    // The log level is npm's word to itself: `npm run -s` would silence what a check has to say.
    env: {
      ...process.env,
      ...env,
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
      npm_config_loglevel: undefined,
    },
  })
  const passed = (await whileWaiting(subject, stayFor(child.ended))) === 'exit code 0'
  if (!passed && unless !== undefined && child.lines.some((line) => unless.test(line))) {
    print(`– ${subject}: not looked for, the registry could not be asked`)
    return true
  }
  print(`${passed ? green('✓') : red('✗')} ${subject} … ${since(startedAt)}`)
  if (!passed) print(`\n${child.lines.map((line) => `    ${line}`).join('\n')}\n`)
  return passed
}
