import { randomUUID } from 'node:crypto'

import { beforeAll, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'

import { Board } from './board.ts'
import { call } from './call.ts'
import { Fleet } from './fleet.ts'
import { aLineUser, aMessengerUser } from './people.ts'
import { secretsOf } from './sender-attributes.ts'
import { useRedis } from './use-redis.ts'

// A whole run, with every log at its most talkative; then everything that anybody could read is searched.

const redis = useRedis()
const boardPassword = `board-password-${randomUUID()}`
const redisPassword = `redis-password-${randomUUID()}`
const text = `content-${randomUUID()}`
const ottIds = { line: aLineUser(), messenger: aMessengerUser() }

let fleet: Fleet
let board: Board
/** Every secret of the run, with what it is. */
const secrets = new Map<string, string>()
const answers: string[] = []

beforeAll(async () => {
  const redisUrl = await asDispatcher(redis.url)
  fleet = await Fleet.start({ redisUrl, env: { LOG_LEVEL: 'trace' } })
  redis.onStop(() => fleet.stop())
  board = await Board.start({ REDIS_URL: redisUrl, LOG_LEVEL: 'trace' }, boardPassword)
  redis.onStop(() => board.program.stop())

  secrets
    .set('Redis password', redisPassword)
    .set('board password', boardPassword)
    .set('client secret', fleet.client.client_secret)
  secrets.set('access token', fleet.token)
  for (const [name, value] of Object.entries(fleet.keys)) secrets.set(name, value)
  for (const network of ['line', 'messenger'] as const) {
    const senderId = await fleet.registerSender(network)
    for (const secret of secretsOf(network, senderId)) secrets.set(`${network} ${secret}`, secret)
    await converse(network, senderId)
  }
  await misuse()
})

/** The same Redis, for a user who may touch nothing but what is ours: all that the programs need. */
async function asDispatcher(url: string): Promise<string> {
  const may = ['~ott:*', '&ott:*', '+@all', '-@dangerous', '+info']
  await onEachNode(url, (admin) => admin.call('ACL', 'SETUSER', 'dispatcher', 'on', `>${redisPassword}`, ...may))
  return url.replaceAll('redis://', `redis://dispatcher:${redisPassword}@`)
}

/** Deliveries that go well, that are refused for their credentials, and that are put off. */
async function converse(network: 'line' | 'messenger', senderId: string): Promise<void> {
  const request = () => ({
    from: { senderType: network, senderId },
    to: { ottId: ottIds[network] },
    message: { contents: [{ type: 'text', text }], customKeys: [{ messagingType: 'UPDATE' }] },
  })
  answers.push(JSON.stringify(await fleet.settled(await fleet.send(request()))))
  await fleet.sandbox.fault({
    network,
    sender: senderId,
    fault: network === 'line' ? 'unauthorized' : 'expired-token',
    // LINE is asked once more, with a new access token.
    times: network === 'line' ? 2 : 1,
  })
  answers.push(JSON.stringify(await fleet.untilEvent(await fleet.send(request()), ['Parked'])))
  answers.push(await fleet.ott('sender', 'resume', senderId, '--network', network, '--account', 'shop'))
  const soon = network === 'messenger' ? { regainAccessMinutes: 0 } : {}
  await fleet.sandbox.fault({ network, sender: senderId, fault: 'rate-limit', ...soon })
  answers.push(JSON.stringify(await fleet.settled(await fleet.send(request()))))
}

/** What clients do wrong with what they should keep to themselves. */
async function misuse(): Promise<void> {
  const { client_id: id, client_secret: secret } = fleet.client
  const tokenUrl = `${fleet.ingress.url}/v2/token`
  const wrong = [
    fleet.api('POST', 'registration', { ottPlatformName: 'line', ottPlatformAttributes: { channelSecret: secret } }),
    fleet.api('POST', 'send', {
      from: secret,
      to: { ottId: ottIds.line },
      message: { contents: [{ type: 'text', text: [text] }] },
    }),
    fleet.api('GET', `send/${fleet.token}`),
    fleet.api('GET', 'registration/line'),
    call('POST', tokenUrl, { grant_type: 'client_credentials', client_id: id, client_secret: `${secret}x` }),
    call('POST', tokenUrl, { grant_type: secret, client_id: secret, client_secret: id }),
  ]
  for (const { body } of await Promise.all(wrong)) answers.push(JSON.stringify(body))
}

/** Whatever contains any of the secrets, by what it is. */
function told(where: string): string[] {
  return [...secrets].flatMap(([name, secret]) => (where.includes(secret) ? [name] : []))
}

test('there are secrets to look for', () => {
  expect(secrets.size).toBe(4 + 2 + 1 + 3)
})

test('no log, at any level, has a secret, what a delivery says, or a whole recipient id', () => {
  const programs = [fleet.ingress, ...fleet.workers.values(), board.program]
  const lines = programs.flatMap((program) => program.lines).join('\n')
  expect(lines).toContain('delivery.attempted')
  expect(lines).toContain('request.refused')
  expect(told(lines)).toEqual([])
  for (const kept of [text, ottIds.line, ottIds.messenger]) expect(lines).not.toContain(kept)
})

test('nothing in Redis has a secret', async () => {
  const dump: string[] = []
  await onEachNode(redis.url, async (node) => {
    for (const key of await node.keys('*')) dump.push(key, JSON.stringify(await readKey(node, key)))
  })
  expect(dump.join('\n')).toContain(text)
  expect(told(dump.join('\n'))).toEqual([])
})

test('no answer of the API has a secret', () => {
  expect(answers.join('\n')).toContain('credentials')
  expect(told(answers.join('\n'))).toEqual([])
})

test('no page or answer of the board has a secret, what a delivery says, or a whole recipient id', async () => {
  await board.logIn()
  const pages = [await board.visit('/'), await board.visit('/operations/figures')]
  for (const { name } of await board.queues())
    for (const status of ['completed', 'failed'])
      pages.push(await board.visit(`/api/queues?activeQueue=${encodeURIComponent(name)}&status=${status}`))
  const shown = pages.join('\n')
  expect(shown).toContain('credentials: ')
  expect(told(shown)).toEqual([])
  for (const kept of [text, ottIds.line, ottIds.messenger]) expect(shown).not.toContain(kept)
})

/** The single Redis, or each node of a cluster. */
async function onEachNode(url: string, use: (node: Redis) => Promise<unknown>): Promise<void> {
  for (const nodeUrl of url.split(',')) {
    const node = new Redis(nodeUrl)
    try {
      await use(node)
    } finally {
      node.disconnect()
    }
  }
}

async function readKey(client: Redis, key: string): Promise<unknown> {
  const type = await client.type(key)
  switch (type) {
    case 'string':
      return client.get(key)
    case 'hash':
      return client.hgetall(key)
    case 'list':
      return client.lrange(key, 0, -1)
    case 'set':
      return client.smembers(key)
    case 'zset':
      return client.zrange(key, '0', '-1')
    case 'stream':
      return client.xrange(key, '-', '+')
    case 'none': // Its time was over before it was read: that of a client's rate, say.
      return undefined
    default:
      throw new Error(`a key of a type that this test does not read: ${type}`)
  }
}
