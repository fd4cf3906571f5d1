import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { beforeAll, expect, test } from '@jest/globals'
import { freePort, repository } from '@ott/local'
import { untilTrue } from '@ott/local/testing'
import { parse } from 'yaml'
import { z } from 'zod'

import { Board } from './board.ts'
import { aLineConversation, aMessengerConversation } from './conversation.ts'
import { type Exposed, readExposition, valueIn } from './exposition.ts'
import { readQuery } from './promql.ts'
import { useFleet } from './use-fleet.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()
const fleet = useFleet({ env: { INGRESS_PROCESSES: '2' } }, redis)

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          record: z.string().optional(),
          alert: z.string().optional(),
          expr: z.string(),
          labels: z.record(z.string(), z.string()).optional(),
          annotations: z.record(z.string(), z.string()).optional(),
        }),
      ),
    }),
  ),
})

const Dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })),
  templating: z.object({ list: z.array(z.object({ definition: z.string().optional() })) }),
})

/** What all programs told once each had done its work: that a request was refused, too. */
let exposed: readonly Exposed[] = []

const scrape = async ({ healthUrl }: { healthUrl: string }) => (await fetch(`${healthUrl}/metrics`)).text()
const read = (path: string) => readFile(join(repository, path), 'utf8')
const rulesIn = async (file: string) =>
  Rules.parse(parse(await read(`infra/prometheus/${file}`))).groups.flatMap(({ rules }) => rules)

/** A board that has a port for what it tells of itself. */
async function startBoard() {
  const port = String(await freePort())
  const { program } = await Board.start({ REDIS_URL: redis.url, HEALTH_PORT: port }, randomUUID())
  redis.onStop(() => program.stop())
  return { healthUrl: `http://127.0.0.1:${port}` }
}

beforeAll(async () => {
  for (const { request } of [await aLineConversation(fleet()), await aMessengerConversation(fleet())]) {
    await fleet().settled(await fleet().send(request()))
    expect((await fleet().api('POST', 'send', { ...request(), message: {} })).status).toBe(400)
  }
  expect((await fleet().api('PUT', 'callback', { url: 'http://shop.example/' })).status).toBe(400)
  const inBatch = (await aLineConversation(fleet())).request({}, { messageKey: 'in-a-batch', validityPeriod: '30' })
  const requests = [{}, inBatch]
  expect((await fleet().api('POST', 'send/batch', requests)).status).toBe(207)
  // It looks at the callbacks there are as it is asked.
  const callbacks = await fleet().addCallbacks()
  const programs = [fleet().ingress, callbacks, ...fleet().workers.values(), await startBoard()]
  exposed = readExposition(await Promise.all(programs.map(scrape)))
})

/** Words, as the documentation lists them. */
const listed = (words: ReadonlySet<string>) => [...words].toSorted().join(', ')

/** The metrics that are ours. */
const ours = () => exposed.filter(({ name }) => name.startsWith('ott_'))

/** What these ask for and nobody tells. */
async function missingIn(expressions: readonly string[]): Promise<string[]> {
  const recorded = (await rulesIn('recordings.yaml')).map(({ record }) => record)
  const metrics = new Set([...exposed.flatMap(({ samples }) => [...samples]), ...recorded])
  // Prometheus adds those of the address at which it found a program.
  const labels = new Set(['le', 'instance', 'program'].concat(...exposed.map((each) => Array.from(each.labels))))
  const queries = expressions.map(readQuery)
  const unknownMetrics = queries.flatMap((query) => Array.from(query.metrics).filter((name) => !metrics.has(name)))
  const unknownLabels = queries.flatMap((query) => Array.from(query.labels).filter((name) => !labels.has(name)))
  return [...unknownMetrics, ...unknownLabels]
}

test('every metric of ours is in docs/metrics.md with its type, labels, programs and meaning, and no other is', async () => {
  const table = (await read('docs/metrics.md')).split('\n').filter((line) => line.startsWith('| `ott_'))
  const rows = ours().map(
    ({ name, type, labels, programs, help }) =>
      `| \`${name}\` | ${type} | ${listed(labels)} | ${listed(programs)} | ${help} |`,
  )
  expect(table.toSorted()).toEqual(rows.toSorted())
})

test('the dashboard asks only for what the running programs tell', async () => {
  const { panels, templating } = Dashboard.parse(JSON.parse(await read('infra/grafana/ott-dispatcher.json')))
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
  const asked = templating.list.flatMap(
    ({ definition }) => /^label_values\((\w+), (\w+)\)$/.exec(definition ?? '') ?? [],
  )
  expect(expressions.length).toBeGreaterThan(20)
  expect(asked).toHaveLength(3)
  expect(await missingIn([...expressions, `max by (${asked[2]}) (${asked[1]})`])).toEqual([])
})

test('rules and alerts ask only for what the running programs tell, and each alert says what it means and what to do', async () => {
  const [recordings, alerts] = [await rulesIn('recordings.yaml'), await rulesIn('alerts.yaml')]
  expect(await missingIn([...recordings, ...alerts].map(({ expr }) => expr))).toEqual([])
  expect(alerts.length).toBeGreaterThan(10)
  for (const { alert, labels, annotations } of alerts) {
    expect([alert, Object.keys(annotations ?? {})]).toEqual([alert, ['summary', 'description', 'action']])
    expect(['critical', 'warning']).toContain(labels?.['severity'])
  }
})

test('no metric has a sender, a recipient or an account among its labels', () => {
  const known = 'lane method network node operation outcome queue reason revision route state status version'.split(' ')
  expect([...new Set(ours().flatMap(({ labels }) => Array.from(labels)))].toSorted()).toEqual(known)
})

test('all processes of an ingress are counted together, and tell of a queue and of Redis once', async () => {
  const accepted = async () =>
    valueIn(await scrape(fleet().ingress), 'ott_http_requests_total', { route: '/ott/v1/send', status: '201' }) ?? NaN
  const before = await accepted()
  const { request } = await aLineConversation(fleet())
  for (const id of await Promise.all(Array.from({ length: 10 }, () => fleet().send(request()))))
    await fleet().settled(id)
  await untilTrue(async () => (await accepted()) === before + 10)
  const metrics = await scrape(fleet().ingress)
  expect(valueIn(metrics, 'ott_http_requests_total', { status: '400', reason: 'missing' })).toBe(2)
  expect(valueIn(metrics, 'ott_http_requests_total', { method: 'PUT', route: '/ott/v1/callback' })).toBe(1)
  expect(valueIn(metrics, 'ott_http_requests_total', { route: '/ott/v1/send/batch', status: '207' })).toBe(1)
  expect(valueIn(metrics, 'ott_batch_requests_total', { status: '201', reason: '' })).toBe(1)
  expect(valueIn(metrics, 'ott_batch_requests_total', { status: '400', reason: 'missing' })).toBe(1)
  // On a cluster each node is told of, and has a queue of the network: see Fleet.start.
  const nodes = redis.url.split(',').length
  const ofRedis = metrics.match(/^ott_redis_(up|durable)\{.*\} 1$/gm) ?? []
  expect(ofRedis).toHaveLength(2 * nodes)
  expect([...new Set(ofRedis)]).toEqual(ofRedis)
  expect(metrics.match(/^ott_queue_oldest_waiting_seconds\{.*network="line".*\} /gm)).toHaveLength(nodes)
})

test('a worker counts what it attempted, called, sent and failed, and how long it took', async () => {
  const { senderId, request } = await aLineConversation(fleet())
  const counts = async () => {
    const text = await scrape(fleet().worker('line'))
    const reason = 'recipient'
    return [
      valueIn(text, 'ott_attempts_total', { outcome: 'accepted' }),
      valueIn(text, 'ott_attempts_total', { outcome: 'refused', reason }),
      valueIn(text, 'ott_network_call_duration_seconds_count', { operation: 'token', status: '2xx' }),
      valueIn(text, 'ott_network_call_duration_seconds_count', { operation: 'delivery', status: '2xx' }),
      valueIn(text, 'ott_sent_deliveries_total', {}),
      valueIn(text, 'ott_failed_deliveries_total', { reason }),
      valueIn(text, 'ott_delivery_latency_seconds_count', {}),
    ]
  }
  const before = await counts()
  await fleet().settled(await fleet().send(request()))
  await fleet().sandbox.fault({ network: 'line', sender: senderId, operation: 'push', fault: 'unknown-recipient' })
  await fleet().settled(await fleet().send(request()))
  // A worker counts an end once Redis has told it so, when others may have read of it already.
  await untilTrue(async () => (await counts()).every((value, index) => value === (before[index] ?? NaN) + 1))
})

test('which senders have most deliveries waiting is told at a worker on request', async () => {
  const { senderId, request } = await aMessengerConversation(fleet())
  await fleet().sandbox.fault({ network: 'messenger', sender: senderId, fault: 'expired-token', times: 0 })
  await fleet().untilEvent(await fleet().send(request()), ['Parked'])
  const answer = await fetch(`${fleet().worker('messenger').healthUrl}/senders?top=5`)
  const parked = { account: 'shop', sender: senderId, waiting: 0, parked: 1 }
  expect(await answer.json()).toEqual({ waiting: 0, looked: 0, senders: [parked] })
})
