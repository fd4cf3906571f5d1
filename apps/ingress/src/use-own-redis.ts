import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll } from '@jest/globals'
import { freePort, type RedisServer, startRedisServer } from '@ott/local'

import { exchange } from './raw-exchange.ts'

/** Gives the tests of a file a Redis server that they may ill-treat: it keeps its address and its data whatever becomes of it. */
export function useOwnRedis() {
  const stops: (() => Promise<unknown> | void)[] = []
  let place = { folder: '', port: 0 }
  let server: RedisServer | undefined

  const signal = (name: NodeJS.Signals): void => {
    try {
      if (server !== undefined) process.kill(server.pid, name)
    } catch {
      // It has ended.
    }
  }
  const url = () => `redis://127.0.0.1:${place.port}`
  /** Sends one command on a connection of its own; resolves with the answer as it stands in the protocol. */
  const call = (...words: string[]): Promise<string> => {
    const command = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')
    return exchange(url(), `*${words.length}\r\n${command}`, 'QUIT\r\n')
  }

  beforeAll(async () => {
    place = { folder: await mkdtemp(join(tmpdir(), 'ott-ingress-test-')), port: await freePort() }
    server = await startRedisServer(place)
  })
  afterAll(async () => {
    signal('SIGCONT')
    for (const stop of stops.toReversed()) await stop()
    await server?.kill()
    await rm(place.folder, { recursive: true, force: true })
  })
  return {
    get url() {
      return url()
    },
    onStop: (stop: () => Promise<unknown> | void) => void stops.push(stop),
    signal,
    call,
    kill: async () => server?.kill(),
    /** Resolves once it has loaded what it had on disk. */
    start: async () => {
      server = await startRedisServer(place)
    },
  }
}
