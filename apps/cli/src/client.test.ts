import { beforeAll, expect, test } from '@jest/globals'
import { ClientRegistry } from '@ott/registry'
import { closeRedis, createLogger, openRedis } from '@ott/runtime'
import { z } from 'zod'

import { useOtt } from './use-ott.ts'

const ott = useOtt()
const Made = z.strictObject({
  client_id: z.string(),
  client_secret: z.string().min(32),
  account: z.string(),
  scope: z.string(),
})
const create = ['client', 'create', '--name', 'Web shop', '--account', 'shop', '--scope']
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)

let clients: ClientRegistry
beforeAll(async () => {
  const logger = createLogger('test', 'silent')
  const redis = await openRedis(ott.redis.url, 'failing', logger)
  ott.redis.onStop(() => closeRedis(redis))
  clients = await ClientRegistry.open(redis, { redisUrl: ott.redis.url, logger })
  ott.redis.onStop(() => clients.close())
})

async function makeClient() {
  return Made.parse(await ott.json([...create, 'ott_chat_messaging_send ott_channels_read']))
}

const shown = (id: string, changes: object = {}) => ({
  client_id: id,
  name: 'Web shop',
  account: 'shop',
  scope: 'ott_chat_messaging_send ott_channels_read',
  enabled: true,
  requests_per_second: null,
  created_at: isoTime,
  last_used_at: null,
  ...changes,
})

test('a client that was made can prove who it is with the id and the secret that were printed', async () => {
  const made = await makeClient()
  expect(made).toMatchObject({ account: 'shop', scope: 'ott_chat_messaging_send ott_channels_read' })
  expect(await clients.verify(made.client_id, made.client_secret)).toMatchObject({
    name: 'Web shop',
    account: 'shop',
    scopes: ['ott_chat_messaging_send', 'ott_channels_read'],
  })
})

test('people see the secret of a new client, and that it is shown once', async () => {
  const { code, stdout, stderr } = await ott.run([...create, 'ott_chat_messaging_send'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(
    /^Client id {6}\S+\nClient secret {2}\S{32,}\nAccount {8}shop\nScopes {9}\S+\n\nKeep the secret now/,
  )
})

test('a client is shown and listed without its secret', async () => {
  const { client_id: id, client_secret: secret } = await makeClient()
  expect(await ott.json(['client', 'show', id])).toEqual(shown(id))
  expect(await ott.json(['client', 'list'])).toContainEqual(shown(id))
  for (const command of [
    ['client', 'show', id],
    ['client', 'list'],
  ]) {
    const { stdout } = await ott.run(command)
    expect(stdout).toContain(id)
    expect(stdout).not.toContain(secret)
  }
})

test('a client that has been used is shown with the time', async () => {
  const { client_id: id, client_secret: secret } = await makeClient()
  await clients.verify(id, secret)
  expect(await ott.json(['client', 'show', id])).toEqual(shown(id, { last_used_at: isoTime }))
})

test('a client may have a request rate of its own', async () => {
  const { client_id: id } = Made.parse(
    await ott.json([...create, 'ott_chat_messaging_send', '--requests-per-second', '50']),
  )
  expect(await ott.json(['client', 'show', id])).toMatchObject({ requests_per_second: 50 })
  expect((await clients.find(id))?.requestsPerSecond).toBe(50)
})

test('one account’s clients can be listed by themselves, and none is no error', async () => {
  const made = Made.parse(
    await ott.json(['client', 'create', '--name', 'A', '--account', 'other', '--scope', 'ott_channels_read']),
  )
  expect(await ott.json(['client', 'list', '--account', 'other'])).toMatchObject([{ client_id: made.client_id }])
  expect(await ott.json(['client', 'list', '--account', 'nobody'])).toEqual([])
})

test('people see clients in columns', async () => {
  await makeClient()
  const { stdout } = await ott.run(['client', 'list', '--account', 'shop'])
  const [heading = '', ...lines] = stdout.trimEnd().split('\n')
  expect(heading).toMatch(/^CLIENT +ACCOUNT +STATE +LAST USED +SCOPES +NAME$/)
  for (const line of lines) expect(line.slice(heading.indexOf('STATE'))).toMatch(/^(enabled|disabled)/)
})

test('a disabled client cannot prove who it is until it is enabled', async () => {
  const { client_id: id, client_secret: secret } = await makeClient()
  expect(await ott.json(['client', 'disable', id])).toEqual(shown(id, { enabled: false }))
  expect(await clients.verify(id, secret)).toBeUndefined()
  expect(await ott.json(['client', 'enable', id])).toMatchObject({ enabled: true })
  expect(await clients.verify(id, secret)).toMatchObject({ id })
})

test('a rotated secret takes the place of the one before', async () => {
  const before = await makeClient()
  const after = Made.parse(await ott.json(['client', 'rotate-secret', before.client_id]))
  expect({ ...after, client_secret: '' }).toEqual({ ...before, client_secret: '' })
  expect(await clients.verify(before.client_id, before.client_secret)).toBeUndefined()
  expect(await clients.verify(before.client_id, after.client_secret)).toMatchObject({ id: before.client_id })
})

test.each(['show', 'disable', 'enable', 'rotate-secret'])(
  '%s of an unknown client says how to find the known',
  async (command) => {
    const { code, stdout, stderr } = await ott.run(['client', command, 'nobody', '--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe('error: There is no client with the id nobody. `ott client list` shows those there are.\n')
  },
)

test.each([
  [['--scope', 'ott_chat_messaging_send everything'], 'There are: ott_chat_messaging_send, ott_chat_messaging_read'],
  [['--scope', ''], 'There are: ott_chat_messaging_send'],
  [['--account', 'a b'], 'It must have 1 to 64 letters, digits, - and _.'],
  [['--name', ' '], 'It must have 1 to 100 characters.'],
  [['--requests-per-second', '0'], 'It must be a whole number of at least 1.'],
])('a client is not made with %j', async (args, message) => {
  const { code, stdout, stderr } = await ott.run([...create, 'ott_channels_read', ...args])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

test('a name cannot steer the terminal that it is shown on', async () => {
  await ott.run(['client', 'create', '--name', 'a\u001B[2Jb', '--account', 'odd', '--scope', 'ott_channels_read'])
  const { stdout } = await ott.run(['client', 'list', '--account', 'odd'])
  expect(stdout).toContain('a�[2Jb')
  expect(stdout).not.toContain('\u001B')
})
