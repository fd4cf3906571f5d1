import { randomBytes } from 'node:crypto'

import { expect, test } from '@jest/globals'
import { startProgram } from '@ott/local'
import { useRedis } from '@ott/local/testing'

const redis = useRedis()

test('a worker that is stuck says so and ends itself, with an exit code that has it started anew', async () => {
  const program = await startProgram({
    name: 'stuck worker',
    file: 'apps/worker/dist/stuck-worker.js',
    env: { NETWORK: 'line', REDIS_URL: redis.url, CREDENTIALS_KEY: randomBytes(32).toString('base64') },
    ports: ['HEALTH_PORT'],
  })
  expect(await program.untilLine(/worker\.stuck/)).toMatch(/an attempt has not ended for/)
  expect(await program.ended).toBe('exit code 1')
})
