import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Child, freePort, repository, startChild } from '@ott/local'

import { readServices } from './compose.ts'
import type { Variables } from './programs.ts'

/** The Redis of infra/compose.yaml, with what a `docker compose exec redis` would have at hand. */
export type ComposeRedis = Child & {
  readonly port: number
  readonly folder: string
  /** As the programs are told it, and as an operator would have it. */
  readonly urls: { readonly dispatcher: string; readonly operator: string }
  readonly environment: Variables
}

/** Starts it with its very command on this machine's Redis: port, address and paths are this machine's. */
export async function startComposeRedis(variables: Variables, folder?: string): Promise<ComposeRedis> {
  const [dir, port] = [folder ?? (await mkdtemp(join(tmpdir(), 'ott-compose-redis-'))), await freePort()]
  const { redis, ingress } = await readServices(variables)
  const script = (redis?.command.at(-1) ?? '')
    .replace('/etc/redis/redis.conf', `${join(repository, 'infra/redis.conf')} --port ${port}`)
    .replace('/data', dir)
    .replace("'* -::*'", '127.0.0.1')
  const environment = { PATH: process.env['PATH'] ?? '', ...redis?.environment }
  const child = await startChild({ command: 'sh', args: ['-c', script], env: environment, temporaryFolder: dir })
  await child.untilLine(/Ready to accept connections/)
  const dispatcher = (ingress?.environment['REDIS_URL'] ?? '').replace('@redis:6379', `@127.0.0.1:${port}`)
  const operator = `redis://operator:${variables['REDIS_OPERATOR_PASSWORD']}@127.0.0.1:${port}`
  return { ...child, port, folder: dir, urls: { dispatcher, operator }, environment }
}
