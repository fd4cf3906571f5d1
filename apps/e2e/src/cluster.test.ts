import { randomUUID } from 'node:crypto'

import { beforeAll, expect } from '@jest/globals'
import { type RedisCluster, startRedisCluster } from '@ott/local'
import { testWithOwnRedis, untilTrue, useRedis } from '@ott/local/testing'
import { z } from 'zod'

import { Board } from './board.ts'
import { call } from './call.ts'
import { accessToken, Client } from './client.ts'
import { aLineConversation, aMessengerConversation, type Conversation } from './conversation.ts'
import { Producer, type Sent } from './producer.ts'
import { useFleet } from './use-fleet.ts'

let cluster: RedisCluster
const redis = useRedis(async () => (cluster = await startRedisCluster({ replicas: 1 })))
const fleet = useFleet({ env: { PARKING_PROBE_SECONDS: '60', LOCK_MS: '4000' } }, redis)

/** Ids whose deliveries go to the shards 0, 1 and 2 of the account `shop`. */
const senders = ['3', '4', '1'] as const
const queues = ['{line-0}', '{line-1}', '{line-2}', '{messenger-0}', '{messenger-1}', '{messenger-2}']

/** Much longer than a replica on the same machine is behind. */
const copiedWithinMs = 500

const Metadata = z.object({ metadata: z.string() })

let board: Board
const conversations: Conversation[] = []

beforeAll(async () => {
  board = await Board.start({ REDIS_URL: redis.url }, randomUUID())
  redis.onStop(() => board.program.stop())
  for (const id of senders)
    conversations.push(await aLineConversation(fleet(), {}, id), await aMessengerConversation(fleet(), {}, id))
})

testWithOwnRedis(
  'on a cluster whose nodes have two queues each, deliveries of every queue are made and found',
  async () => {
    expect(new Set(await Promise.all(queues.map((name) => cluster.shardOf(name)))).size).toBe(3)
    for (const { ottId, request } of conversations) {
      const messageKey = randomUUID()
      const id = await fleet().send(request({}, { messageKey }))
      expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
      expect((await fleet().api('GET', `send/${messageKey}`)).body).toMatchObject({ requestBody: { ottRequestId: id } })
      expect(await fleet().sandbox.received(ottId)).toHaveLength(1)
    }
    expect(await board.logIn('a guess')).toBe(401)
    expect(await board.logIn()).toBe(303)
    const shown = (await board.queues()).toSorted((one, other) => one.name.localeCompare(other.name))
    expect(shown).toMatchObject(queues.map((name) => ({ name, counts: { completed: 1 } })))
  },
)

testWithOwnRedis('repeats of a request at the same instant are one delivery, whichever node has its key', async () => {
  const url = `${fleet().ingress.url}/ott/v1/send`
  for (const { request } of conversations) {
    const headers = { 'idempotency-key': randomUUID() }
    const body = { messageKey: randomUUID(), validityPeriod: 'PT1H', ...request() }
    const send = (further: object = {}) => call('POST', url, { ...body, ...further }, fleet().token, headers)
    const answers = await Promise.all([send(), send(), send()])
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
    expect((await send({ messageKey: 'another' })).status).toBe(422)
  }
})

testWithOwnRedis(
  'whom an operator resumes is sent what was parked, and what failed is sent when it is redriven',
  async () => {
    const [parked, refused] = [await aMessengerConversation(fleet()), await aMessengerConversation(fleet())]
    const fault = { network: 'messenger', times: 0 }
    await fleet().sandbox.fault({ ...fault, sender: parked.senderId, fault: 'expired-token' })
    await fleet().sandbox.fault({ ...fault, sender: refused.senderId, fault: 'graph-error', code: 551 })
    const parkedId = await fleet().send(parked.request())
    const refusedId = await fleet().send(refused.request())
    await fleet().untilEvent(parkedId, ['Parked'])
    expect(await fleet().settled(refusedId)).toMatchObject({ event: 'Error' })

    await fleet().sandbox.clearFaults()
    const ofShop = ['--network', 'messenger', '--account', 'shop']
    expect(await fleet().ott('sender', 'list', ...ofShop)).toMatch(new RegExp(`${parked.senderId}.*parked`, 's'))
    await fleet().ott('sender', 'resume', parked.senderId, ...ofShop)
    expect(await fleet().settled(parkedId)).toMatchObject({ event: 'Sent' })
    expect(JSON.parse(await fleet().ott('redrive', ...ofShop, '--yes', '--json'))).toMatchObject({ redriven: 1 })
    expect(await fleet().untilEvent(refusedId, ['Sent'])).toBeDefined()
  },
)

testWithOwnRedis('a client beyond its rate is told so, with how long to wait', async () => {
  const slow = ['--name', 'slow', '--requests-per-second', '1', '--account', 'shop', '--scope', 'ott_channels_read']
  const made = await fleet().ott('client', 'create', ...slow, '--json')
  const token = await accessToken(fleet().ingress.url, Client.parse(JSON.parse(made)))
  const read = () => call('GET', `${fleet().ingress.url}/ott/v1/registration/line`, undefined, token)
  // However these fall into two windows of a second, one is over.
  const answers = await Promise.all([read(), read(), read()])
  const refused = answers.find(({ status }) => status === 429)
  expect(refused?.headers.get('retry-after')).toBe('1')
  expect(refused?.headers.get('ratelimit')).toMatch(/r=0/)
})

const isLine = ({ ottId }: Conversation) => ottId.startsWith('U')

/** Deliveries go on being sent to every queue, and what is done meanwhile returns while they are. */
async function whileSending(act: () => Promise<unknown>): Promise<readonly Sent[]> {
  const producer = new Producer({ token: fleet().token, conversations, pauseMs: 40 })
  producer.start(fleet().ingress)
  await producer.untilMoreAreSent(4 * conversations.length)
  await act()
  await producer.untilMoreAreSent(4 * conversations.length)
  await producer.stop()
  return producer.sent
}

/** Each came to its person, and on LINE once. */
async function expectDelivered(sent: readonly Sent[]): Promise<void> {
  for (const { id } of sent) expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
  const times = await timesReceived()
  for (const { id, conversation } of sent) {
    expect(times.get(id)).toBeGreaterThanOrEqual(1)
    if (isLine(conversation)) expect(times.get(id)).toBe(1)
  }
}

/** How often the person got each delivery, by its id, which either network is told. */
async function timesReceived(of = conversations): Promise<ReadonlyMap<string | undefined, number>> {
  const entries = (await Promise.all(of.map(({ ottId }) => fleet().sandbox.received(ottId)))).flat()
  const byId = Map.groupBy(entries, ({ retryKey, messages }) => retryKey ?? Metadata.parse(messages[0]).metadata)
  return new Map([...byId].map(([id, { length }]) => [id, length]))
}

async function expectAllReady(): Promise<void> {
  for (const { healthUrl } of [fleet().ingress, ...fleet().workers.values(), board.program])
    await untilTrue(async () => (await fetch(`${healthUrl}/health/ready`)).ok)
}

testWithOwnRedis(
  'when nodes change places in order, as for maintenance, nothing is lost and nothing is doubled',
  async () => {
    const shard = await cluster.shardOf('{line-1}')
    const sent = await whileSending(() => cluster.failOver(shard, 'orderly'))
    await expectDelivered(sent)
    expect(new Set((await timesReceived()).values())).toEqual(new Set([1]))
    await expectAllReady()
  },
)

testWithOwnRedis(
  'when a node that has queues is killed, its replica takes over and all goes on by itself',
  async () => {
    const shard = await cluster.shardOf('{line-2}')
    const times = { killed: Infinity, whole: Infinity }
    const sent = await whileSending(async () => {
      times.killed = performance.now()
      await cluster.failOver(shard, 'crash')
      times.whole = performance.now()
    })
    // A cluster copies what it has answered a moment later: what was under way at that moment may be lost, or be queued a second time.
    const inDoubt = ({ beganAt, answeredAt }: Sent) =>
      answeredAt > times.killed - copiedWithinMs && beganAt < times.killed + copiedWithinMs
    await expectDelivered(sent.filter((one) => !inDoubt(one)))
    for (const { id } of sent.filter(inDoubt))
      if ((await fleet().api('GET', `send/${id}`)).status !== 404)
        expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
    expect(new Set((await timesReceived(conversations.filter(isLine))).values())).toEqual(new Set([1]))
    expect(sent.filter(({ beganAt }) => beganAt > times.whole).length).toBeGreaterThan(conversations.length)
    await expectAllReady()
  },
)
