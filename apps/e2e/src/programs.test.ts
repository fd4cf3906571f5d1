import { createServer } from 'node:net'
import { once } from 'node:events'

import { beforeAll, expect, test } from '@jest/globals'
import { freePort, type Program, startProgram } from '@ott/local'

import { Fleet } from './fleet.ts'
import { aLineUser } from './people.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()

const programs = {
  ingress: ['PORT', 'HEALTH_PORT'],
  worker: ['HEALTH_PORT'],
  callbacks: ['HEALTH_PORT'],
  board: ['PORT'],
  sandbox: ['PORT'],
} as const

const aKey = Buffer.alloc(32, 1).toString('base64')
const aUser = 'somebody:scrypt$c2FsdA$aGFzaA'

/** Starts a program that is not meant to come up, and returns how it ended with what it said. */
async function failing(name: keyof typeof programs, env: Record<string, string>): Promise<string> {
  const program: Program = await startProgram({
    name,
    file: `apps/${name}/dist/main.js`,
    ports: programs[name],
    env: { REDIS_URL: redis.url, NETWORK: 'line', CREDENTIALS_KEY: aKey, TOKEN_KEY: aKey, BOARD_USERS: aUser, ...env },
  })
  const how = await program.ended
  return [how, ...program.lines].join('\n')
}

/** Programs that look for a Redis where none is, from before the other tests on, which go by meanwhile. */
let lost: { readonly nowhere: string; readonly ends: Promise<string[]> }
beforeAll(async () => {
  const nowhere = `redis://127.0.0.1:${await freePort()}`
  const names = ['ingress', 'worker', 'callbacks', 'board'] as const
  lost = { nowhere, ends: Promise.all(names.map((name) => failing(name, { REDIS_URL: nowhere }))) }
})

test.each<keyof typeof programs>(['ingress', 'worker', 'callbacks', 'board', 'sandbox'])(
  '%s ends at once on a bad environment, naming every fault',
  async (name) => {
    const said = await failing(name, { LOG_LEVEL: 'loud', PORT: 'eighty', HEALTH_PORT: 'ninety' })
    expect(said).toMatch(/^exit code 1\n/)
    expect(said).toContain('LOG_LEVEL: ')
    expect(said).toMatch(/PORT: must be a whole number/)
    expect(said).not.toMatch(/\n\s+at /)
  },
)

test('a worker that is not told its network says which there are', async () => {
  expect(await failing('worker', { NETWORK: 'pigeon' })).toContain(
    "NETWORK: must say which network's deliveries to take: line or messenger",
  )
})

test.each<[keyof typeof programs, string]>([
  ['ingress', 'PORT'],
  ['ingress', 'HEALTH_PORT'],
  ['worker', 'HEALTH_PORT'],
  ['callbacks', 'HEALTH_PORT'],
  ['board', 'PORT'],
  ['sandbox', 'PORT'],
])('%s names the port that is taken, and %s, which changes it', async (name, variable) => {
  const port = await freePort()
  const squatter = createServer().listen(port, '127.0.0.1')
  await once(squatter, 'listening')
  const said = await failing(name, { [variable]: String(port) })
  squatter.close()
  await once(squatter, 'close')
  expect(said).toMatch(/^exit code 1\n/)
  expect(said).toContain(`port ${port} on 127.0.0.1 is already in use`)
  expect(said).toContain(`set ${variable} to another port`)
  expect(said).not.toMatch(/\n\s+at /)
})

test('a program that finds no Redis within ten seconds says so, and where it looked', async () => {
  for (const said of await lost.ends) {
    expect(said).toMatch(/^exit code 1\n/)
    expect(said).toContain(`Redis cannot be reached at ${lost.nowhere}`)
    expect(said).not.toMatch(/\n\s+at /)
  }
})

test('a worker that is told to stop finishes the delivery it holds, and every program ends orderly', async () => {
  const fleet = await Fleet.start({ redisUrl: redis.url, networks: ['line'], env: { CREDENTIALS_KEY: aKey } })
  const senderId = await fleet.registerSender('line')
  const ottId = aLineUser()
  await fleet.sandbox.fault({ network: 'line', sender: senderId, operation: 'push', fault: 'slow', delayMs: 1500 })
  const id = await fleet.send({
    from: { senderType: 'line', senderId },
    to: { ottId },
    message: { contents: [{ type: 'text', text: 'Your table is ready' }] },
  })
  await fleet.sandbox.untilCalled(senderId, 'token 200')
  await fleet.workers.get('line')?.stop()
  expect(await fleet.settled(id)).toMatchObject({ event: 'Sent' })
  expect(await fleet.sandbox.received(ottId)).toHaveLength(1)
  await fleet.stop()
})
