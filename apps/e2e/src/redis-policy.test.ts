import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect } from '@jest/globals'
import { type RedisServer, startProgram, startRedisServer } from '@ott/local'

import { startEverything } from './start-everything.ts'
import { testOnSingleRedis } from './use-redis.ts'

const refusal =
  /Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used: its maxmemory-policy is allkeys-lru: .*CONFIG SET maxmemory-policy noeviction/

let evicting: RedisServer

beforeAll(async () => {
  evicting = await startRedisServer({ settings: { 'maxmemory-policy': 'allkeys-lru' } })
})

afterAll(() => evicting.stop())

testOnSingleRedis.each(['ingress', 'worker', 'callbacks', 'board'])(
  '%s does not start on a Redis that evicts, and says what mends it',
  async (name) => {
    const aKey = Buffer.alloc(32, 1).toString('base64')
    const program = await startProgram({
      name,
      file: `apps/${name}/dist/main.js`,
      ports: ['PORT', 'HEALTH_PORT'],
      env: {
        REDIS_URL: evicting.url,
        NETWORK: 'line',
        CREDENTIALS_KEY: aKey,
        TOKEN_KEY: aKey,
        BOARD_USERS: 'somebody:scrypt$c2FsdA$aGFzaA',
      },
    })
    expect(await program.ended).toBe('exit code 1')
    expect(program.lines.join('\n')).toMatch(refusal)
    expect(program.lines.join('\n')).not.toMatch(/\n\s+at /)
  },
)

testOnSingleRedis('npm start on somebody’s own Redis that evicts stops with the same words', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ott-policy-'))
  const started = await startEverything(folder, { REDIS_URL: evicting.url })
  expect(await started.ended).toBe('exit code 1')
  expect(started.lines.join('\n')).toMatch(refusal)
  await rm(folder, { recursive: true })
})
