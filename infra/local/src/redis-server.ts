import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Child, startChild } from './child.ts'
import { freePort } from './ports.ts'
import { findRedisServer, noRedisServer } from './redis-program.ts'
import { repository } from './repository.ts'

/** Somebody else may take a free port before Redis does. */
const triesMax = 5

export type RedisServerOptions = {
  /** Where it keeps its data. Without one: in a temporary folder that goes when it ends. */
  readonly folder?: string
  /** Without one: a free port. */
  readonly port?: number | undefined
  /** What is to differ from infra/redis.conf. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A Redis server of our own. Killed and started again with the same folder and port, it is one that crashed. */
export type RedisServer = Child & { readonly url: string; readonly port: number }

/**
 * Starts the machine's Redis (or Valkey) with infra/redis.conf, and resolves once it takes connections. Rejects with what
 * it said when it ends instead.
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const command = await findRedisServer()
  if (command === undefined) throw new Error(noRedisServer)
  for (let tries = 1; ; tries += 1) {
    const server = await startOnce(command, options)
    try {
      await server.untilLine(/ready to accept connections/i)
      return server
    } catch (error) {
      const collided = server.lines.some((line) => line.includes('Address already in use'))
      if (options.port !== undefined || !collided || tries === triesMax) throw error
    }
  }
}

async function startOnce(command: string, options: RedisServerOptions): Promise<RedisServer> {
  const port = options.port ?? (await freePort())
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'ott-redis-')))
  await mkdir(folder, { recursive: true })
  const settings = Object.entries(options.settings ?? {}).flatMap(([name, value]) => [`--${name}`, value])
  const child = await startChild({
    command,
    args: [join(repository, 'infra/redis.conf'), '--port', String(port), '--dir', folder, ...settings],
    env: {},
    temporaryFolder: options.folder === undefined ? folder : undefined,
  })
  return { ...child, port, url: `redis://127.0.0.1:${port}` }
}
