import { randomUUID } from 'node:crypto'

import { beforeAll, expect, test } from '@jest/globals'
import type { Program } from '@ott/local'
import { durationOf, untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { call } from './call.ts'
import { type Collector, startCollector } from './collector.ts'
import { aLineConversation, aMessengerConversation } from './conversation.ts'
import { Fleet } from './fleet.ts'
import { secretsOf } from './sender-attributes.ts'
import { aCaller, jobOf, traceOf, tree } from './traces.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()
let collector: Collector
let fleet: Fleet

beforeAll(async () => {
  collector = await startCollector()
  redis.onStop(() => collector.close())
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hush-hush',
    OTEL_BSP_SCHEDULE_DELAY: '50',
  }
  fleet = await Fleet.start({ redisUrl: redis.url, env })
  redis.onStop(() => fleet.stop())
})

async function send(request: object, headers = {}, ingress: Program = fleet.ingress): Promise<string> {
  const body = { messageKey: randomUUID(), validityPeriod: '30', ...request }
  const answer = await call('POST', `${ingress.url}/ott/v1/send`, body, fleet.token, headers)
  return z.object({ ottRequestId: z.string() }).parse(answer.body).ottRequestId
}

test("a delivery is one trace: its caller's, the request, the queue, each attempt, and each call of the network", async () => {
  const { senderId, request } = await aLineConversation(fleet)
  // All four tries of the first attempt.
  await fleet.sandbox.fault({ network: 'line', sender: senderId, operation: 'push', fault: 'server-error', times: 4 })
  const caller = aCaller()
  const id = await send(request(), caller.headers)
  expect(await fleet.settled(id)).toMatchObject({ event: 'Sent' })

  const spans = await collector.untilTrace(caller.traceId, 10)
  const queue = spans.find(({ kind }) => kind === 'producer')?.attributes['messaging.destination.name']
  expect(tree(spans, caller.spanId)).toEqual([
    'ott-ingress server POST /ott/v1/send 201',
    `  ott-ingress producer send ${queue}`,
    `    ott-worker consumer process ${queue} deferred`,
    '      ott-worker client POST 200',
    ...Array.from({ length: 4 }, () => '      ott-worker client POST 500'),
    `    ott-worker consumer process ${queue} accepted`,
    '      ott-worker client POST 200',
  ])
  const [first, second] = spans.filter(({ kind }) => kind === 'consumer')
  expect(first).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'unavailable', 'ott.attempt': '1' } })
  expect(second).toMatchObject({
    attributes: { 'messaging.message.id': id, 'ott.sender': senderId, 'ott.attempt': '2' },
  })
  expect(spans.findLast(({ kind }) => kind === 'client')?.attributes).toMatchObject({
    'server.address': '127.0.0.1',
    'url.path': '/line/v2/bot/message/push',
  })
})

test('each delivery of a batch is a trace of its own to the call of the network, linked to the request that brought it', async () => {
  const { request } = await aMessengerConversation(fleet)
  const caller = aCaller()
  const requests = ['one', 'two'].map((key) =>
    request({}, { messageKey: `${key} ${randomUUID()}`, validityPeriod: '30' }),
  )
  const { body } = await call('POST', `${fleet.ingress.url}/ott/v1/send/batch`, requests, fleet.token, caller.headers)
  const { items } = z.object({ items: z.array(z.object({ ottRequestId: z.string() })) }).parse(body)
  expect(items).toHaveLength(2)
  const traces = new Set<string>()
  for (const { ottRequestId: id } of items) {
    expect(await fleet.settled(id)).toMatchObject({ event: 'Sent' })
    const spans = await collector.untilTrace(await traceOf(redis.url, id), 3)
    const producer = spans.find(({ kind }) => kind === 'producer')
    expect(producer).toMatchObject({ attributes: { 'messaging.message.id': id }, links: [{ traceId: caller.traceId }] })
    expect(tree(spans, producer?.spanId ?? '')).toEqual([
      `ott-worker consumer process ${producer?.attributes['messaging.destination.name']} accepted`,
      '  ott-worker client POST 200',
    ])
    traces.add(producer?.traceId ?? '')
  }
  const batch = await collector.untilTrace(caller.traceId, 1)
  expect(tree(batch, caller.spanId)).toEqual(['ott-ingress server POST /ott/v1/send/batch 207'])
  expect(batch).toHaveLength(1)
  expect(traces.size).toBe(2)
})

test('log lines of a request and of its attempts say which trace they belong to', async () => {
  const { request } = await aLineConversation(fleet)
  const caller = aCaller()
  const id = await send(request(), caller.headers)
  const told = (program: Program, line: string) =>
    untilTrue(() => program.lines.some((text) => [line, id, caller.traceId].every((word) => text.includes(word))))
  await told(fleet.ingress, 'delivery.queued')
  await told(fleet.worker('line'), 'delivery.attempted')
})

test('without a trace of its caller a delivery has one of its own', async () => {
  const { request } = await aMessengerConversation(fleet)
  const id = await send(request())
  const spans = await collector.untilTrace(await traceOf(redis.url, id), 4)
  expect(spans.map(({ kind }) => kind)).toEqual(['server', 'producer', 'consumer', 'client'])
})

test('of a request that its caller does not record nothing is told, and its job is the smaller', async () => {
  const { request } = await aLineConversation(fleet)
  const silent = aCaller({ sampled: false })
  const id = await send(request(), silent.headers)
  expect(await fleet.settled(id)).toMatchObject({ event: 'Sent' })
  expect(await jobOf(redis.url, id)).not.toContain('trace')
  const recorded = aCaller()
  await send(request(), recorded.headers)
  await collector.untilTrace(recorded.traceId, 4)
  expect(collector.bodies.filter((body) => body.includes(silent.traceId) || body.includes(id))).toEqual([])
})

test('with tracing off a delivery is the same as ever: nothing of it is told, and its job names no trace', async () => {
  const off = await fleet.addIngress({ OTEL_TRACES_EXPORTER: 'none' })
  const { request } = await aLineConversation(fleet)
  const caller = aCaller()
  const id = await send(request(), caller.headers, off)
  expect(await fleet.settled(id)).toMatchObject({ event: 'Sent' })
  expect(await jobOf(redis.url, id)).not.toContain('trace')
  await fleet.stopOne(off)
  expect(collector.bodies.filter((body) => body.includes(caller.traceId) || body.includes(id))).toEqual([])
})

test('a program that stops tells first what it has not told yet', async () => {
  const ingress = await fleet.addIngress({ OTEL_BSP_SCHEDULE_DELAY: '600000' })
  const { request } = await aLineConversation(fleet)
  const caller = aCaller()
  await send(request(), caller.headers, ingress)
  await fleet.stopOne(ingress)
  const spans = await collector.untilTrace(caller.traceId, 2)
  expect(spans.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['server', 'producer']))
})

const away = 'http://127.0.0.1:9'

test('a collector that is away costs a line in the log, and no delivery', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: away, OTEL_EXPORTER_OTLP_TIMEOUT: '200' }
  const ingress = await fleet.addIngress(env)
  const { request } = await aLineConversation(fleet)
  await send(request(), {}, ingress)
  await ingress.untilLine(/tracing\.troubled/)
  expect(await fleet.settled(await send(request(), {}, ingress))).toMatchObject({ event: 'Sent' })
  await fleet.stopOne(ingress)
  expect(ingress.lines.filter((line) => line.includes('tracing.troubled'))).toHaveLength(1)
})

test('a program that stops waits two seconds for a collector that is away, and no longer', async () => {
  const ingress = await fleet.addIngress({ OTEL_EXPORTER_OTLP_ENDPOINT: away })
  const { request } = await aLineConversation(fleet)
  await send(request(), {}, ingress)
  expect(await durationOf(() => fleet.stopOne(ingress))).toBeLessThan(5000)
  expect(ingress.lines.filter((line) => line.includes('tracing.unflushed'))).toHaveLength(1)
})

test('no span has a secret, what a delivery says, or whom it is for', async () => {
  const caller = aCaller()
  const conversations = [await aLineConversation(fleet), await aMessengerConversation(fleet)]
  const userReference = await fleet.sandbox.replyToken(conversations[0]?.ottId ?? '')
  const messageKey = randomUUID()
  const secrets = [
    fleet.token,
    fleet.client.client_secret,
    messageKey,
    userReference,
    'Your table',
    'appsecret_proof',
    'hush-hush',
    ...Object.values(fleet.keys),
  ]
  for (const [index, { senderId, ottId, request }] of conversations.entries()) {
    secrets.push(ottId, ...secretsOf(index === 0 ? 'line' : 'messenger', senderId))
    await send(request(index === 0 ? { userReference } : {}, { messageKey }), caller.headers)
  }
  // Two of the ingress's and one of the worker's each; LINE is asked for a token first.
  await collector.untilTrace(caller.traceId, 9)
  const told = collector.bodies.join('\n')
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
})
