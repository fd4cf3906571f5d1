import { beforeAll, expect, test } from '@jest/globals'
import { durationOf, untilTrue, useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { ClientRegistry, type NewClient } from './client-registry.ts'

const server = useRedis()
const logger = createLogger('test', 'silent')
const wanted: NewClient = { name: 'Web shop', account: 'shop', scopes: ['ott_chat_messaging_send'] }

let redis: Redis
let here: ClientRegistry
let elsewhere: ClientRegistry

beforeAll(async () => {
  redis = await openRedis(server.url, 'failing', logger)
  server.onStop(() => closeRedis(redis))
  here = await ClientRegistry.open(redis, { redisUrl: server.url, logger })
  server.onStop(() => here.close())
  elsewhere = await ClientRegistry.open(redis, { redisUrl: server.url, logger })
  server.onStop(() => elsewhere.close())
})

test('a client is known by its secret and by nothing else', async () => {
  const { client, secret } = await here.create(wanted)
  expect(client).toMatchObject({ ...wanted, enabled: true })
  expect(await elsewhere.verify(client.id, secret)).toEqual(client)
  expect(await elsewhere.verify(client.id, `${secret}x`)).toBeUndefined()
  expect(await elsewhere.verify(client.id, '')).toBeUndefined()
  expect(await elsewhere.verify('nobody', secret)).toBeUndefined()
})

test('what is in Redis does not tell a client’s secret, and no two secrets look alike', async () => {
  const made = [await here.create(wanted), await here.create(wanted)]
  const stored = Object.values(await redis.hgetall('ott:clients')).join('\n')
  for (const { secret } of made) expect(stored).not.toContain(secret)
  expect(new Set(stored.match(/scrypt\$[^"]+/g)).size).toBe(stored.match(/scrypt\$/g)?.length)
})

test('a disabled client is refused everywhere within a second, and taken again when it is enabled', async () => {
  const { client, secret } = await here.create(wanted)
  expect((await elsewhere.find(client.id))?.enabled).toBe(true)
  await here.setEnabled(client.id, false)
  const seen = () => untilTrue(async () => (await elsewhere.find(client.id))?.enabled === false)
  expect(await durationOf(seen)).toBeLessThan(1000)
  expect(await elsewhere.verify(client.id, secret)).toBeUndefined()
  await here.setEnabled(client.id, true)
  await untilTrue(async () => (await elsewhere.verify(client.id, secret)) !== undefined)
})

test('a rotated secret replaces the one before, and nothing else of the client', async () => {
  const { client, secret } = await here.create(wanted)
  expect(await here.verify(client.id, secret)).toEqual(client) // It is remembered from then on.
  const rotated = await here.rotateSecret(client.id)
  expect(rotated?.client).toEqual({ ...client, tokensFrom: expect.any(Number) })
  expect(rotated?.client.tokensFrom).toBeGreaterThanOrEqual(client.createdAt)
  expect(await here.verify(client.id, secret)).toBeUndefined()
  expect(await here.verify(client.id, rotated?.secret ?? '')).toEqual(rotated?.client)
})

test('a list tells when each client last got a token', async () => {
  const { client, secret } = await here.create(wanted)
  const found = async () => (await here.list(1, 1000)).records.find(({ id }) => id === client.id)
  expect(await found()).toEqual({ ...client, lastUsedAt: undefined })
  await here.verify(client.id, secret)
  expect((await found())?.lastUsedAt).toBeGreaterThan(client.createdAt - 1)
  expect(JSON.stringify(await here.list(1, 1000))).not.toContain('scrypt')
})

test('what is not there cannot be changed', async () => {
  expect(await here.setEnabled('nobody', true)).toBeUndefined()
  expect(await here.rotateSecret('nobody')).toBeUndefined()
  expect(await here.find('nobody')).toBeUndefined()
})

test('a client that is disabled while its secret is rotated stays disabled', async () => {
  const { client } = await here.create(wanted)
  await Promise.all([
    here.rotateSecret(client.id),
    elsewhere.rotateSecret(client.id),
    elsewhere.setEnabled(client.id, false),
  ])
  await untilTrue(async () => (await here.find(client.id))?.enabled === false)
  expect(await redis.hget('ott:clients', client.id)).toContain('"enabled":false')
})
