import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'

import { repository } from '@ott/local'

import type { Variables } from './programs.ts'

/** What infra/new-env.sh writes for an operator, on this machine's shell. */
export async function newEnv(): Promise<Variables> {
  const folder = await mkdtemp(join(tmpdir(), 'ott-new-env-'))
  try {
    await cp(join(repository, 'infra/new-env.sh'), join(folder, 'new-env.sh'))
    await promisify(execFile)('sh', [join(folder, 'new-env.sh')])
    return readEnvFile(join(folder, '.env'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A file of `NAME=value` lines. */
export async function readEnvFile(file: string): Promise<Variables> {
  const entries = Object.entries(parseEnv(await readFile(file, 'utf8')))
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']))
}
