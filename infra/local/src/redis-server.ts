import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Child, startChild } from './child.ts'
import { freePort } from './ports.ts'
import { findRedisServer, noRedisServer } from './redis-program.ts'
import { repository } from './repository.ts'

/** Somebody else may take a free port before Redis does. */
const portTries = 5

export type RedisServerOptions = {
  /** Where it keeps its data. Without one: in a temporary folder that goes when it ends. */
  readonly folder?: string
  /** Without one: a free port. */
  readonly port?: number | undefined
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
  if (options.folder !== undefined) {
    await mkdir(options.folder, { recursive: true })
    return listening(command, options.folder, options.port)
  }
  const folder = await mkdtemp(join(tmpdir(), 'ott-redis-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    return endingWith(remove, await listening(command, folder, options.port))
  } catch (error) {
    await remove()
    throw error
  }
}

/** The same server, whose end is only complete when that has been done too. */
function endingWith(last: () => Promise<void>, server: RedisServer): RedisServer {
  const end = async (how: string): Promise<string> => {
    await last()
    return how
  }
  const ended = server.ended.then(end)
  const complete = async (act: Promise<void>): Promise<void> => {
    await act
    await ended
  }
  return {
    ...server,
    ended,
    stop: (limitMs) => complete(server.stop(limitMs)),
    kill: () => complete(server.kill()),
  }
}

async function listening(command: string, folder: string, wanted: number | undefined): Promise<RedisServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort())
    const child = await startChild({
      command,
      args: [join(repository, 'infra/redis.conf'), '--port', String(port), '--dir', folder],
      env: {},
    })
    try {
      await child.untilLine(/ready to accept connections/i)
      return { ...child, port, url: `redis://127.0.0.1:${port}` }
    } catch (error) {
      const collided = child.lines.some((line) => line.includes('Address already in use'))
      if (wanted !== undefined || !collided || attempt === portTries) throw error
    }
  }
}
