import { beforeEach, expect, test } from '@jest/globals'
import { type Receipt, refused } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'
import { startDeliveryWorker } from '@ott/queue'
import { usual } from '@ott/queue/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'
import { z } from 'zod'

import { aRegistration } from '../registration/requests.ts'
import type { Answer } from '../use-ingress.ts'
import { useStoredIngress } from '../use-stored-ingress.ts'

const stored = useStoredIngress()
const logger = createLogger('test', 'silent')

type Caller = Awaited<ReturnType<typeof stored.become>>

let redis: Redis | undefined
beforeEach(async () => {
  if (redis === undefined) {
    const opened = await openRedis(stored.redis.url, 'waiting', logger)
    stored.redis.onStop(() => closeRedis(opened))
    redis = opened
  }
  await redis.flushdb()
})

/** An account of this name, with a LINE sender. */
async function open(account: string): Promise<Caller> {
  const caller = await stored.become(account)
  expect((await caller.request('POST', '/ott/v1/registration', aRegistration())).status).toBe(201)
  return caller
}

const Sent = z.object({ ottRequestId: z.string() })
const send = async (caller: Caller): Promise<string> => Sent.parse((await caller.send()).json).ottRequestId

const eventsOf = async (caller: Caller, id: string) =>
  z
    .object({ status: z.array(z.object({ event: z.string() })) })
    .parse((await caller.request('GET', `/ott/v1/send/${id}`)).json)
    .status.map(({ event }) => event)

/** Sends so many, and answers each so. Resolves with their ids, oldest first. */
async function fail(caller: Caller, count: number, answer: Receipt = refused('sender', 'LINE answered 401')) {
  if (redis === undefined) throw new Error('Redis is there once a test runs')
  const worker = startDeliveryWorker('line', async () => answer, { ...usual, redis })
  const ids: string[] = []
  for (let sent = 0; sent < count; sent += 1) {
    const id = await send(caller)
    await untilTrue(async () => (await eventsOf(caller, id)).includes('Error'))
    ids.push(id)
  }
  await worker.close()
  return ids
}

const redrive = (caller: Caller, body: object): Promise<Answer> => caller.request('POST', '/ott/v1/redrive', body)

test('unless it is told otherwise, a redrive only tells what it would do', async () => {
  const shop = await open('shop')
  const [id = ''] = await fail(shop, 1)
  for (const body of [{}, { dryRun: true }, { DRYRUN: '1' }, { dryRun: null }]) {
    const { status, json } = await redrive(shop, body)
    expect({ status, json }).toEqual({
      status: 200,
      json: { dryRun: true, matched: 1, byReason: { sender: 1 }, skipped: {} },
    })
  }
  expect(await eventsOf(shop, id)).toContain('Error')
})

test('failed messages are redriven under their ids, and then are no longer failed', async () => {
  const shop = await open('shop')
  const ids = await fail(shop, 2)
  const answer = await redrive(shop, { dryRun: false })
  expect(answer.json).toEqual({ dryRun: false, redriven: 2, byReason: { sender: 2 }, skipped: {} })
  for (const id of ids) expect(await eventsOf(shop, id)).not.toContain('Error')
  expect((await redrive(shop, { dryRun: false })).json).toMatchObject({ redriven: 0 })
})

test('an account redrives its own messages, and none of another’s', async () => {
  const [shop, rival] = [await open('shop'), await open('rival')]
  const [id = ''] = await fail(shop, 1)
  expect((await redrive(rival, { dryRun: false })).json).toMatchObject({ redriven: 0, byReason: {} })
  expect(await eventsOf(shop, id)).toContain('Error')
})

test('what is redriven is chosen by sender, reason and time, together', async () => {
  const shop = await open('shop')
  await fail(shop, 1)
  await fail(shop, 1, refused('window', 'too late'))
  await fail(shop, 1, refused('ambiguous', 'nobody knows'))
  const cases: [object, object][] = [
    [{ senderType: 'LINE', senderId: 1_656_000_000, reasons: ['WINDOW'] }, { byReason: { window: 1 } }],
    [{ senderType: 'messenger' }, { matched: 0 }],
    [{ senderId: '2' }, { matched: 0 }],
    [{ failedFrom: new Date(Date.now() + 60_000).toISOString() }, { matched: 0 }],
    [{ failedTo: '2020-01-01T00:00:00+09:00' }, { matched: 0 }],
    [{}, { matched: 2, skipped: { ambiguous: 1 } }],
    [{ includeAmbiguous: true }, { matched: 3, skipped: {} }],
  ]
  for (const [body, answer] of cases) expect((await redrive(shop, body)).json).toMatchObject(answer)
})

test('a cursor leads through all of them, a few at a time, and ends', async () => {
  const shop = await open('shop')
  await fail(shop, 5)
  const Batch = z.object({ redriven: z.number(), cursor: z.string().optional() })
  const redriven: number[] = []
  let cursor: string | undefined
  do {
    const batch = Batch.parse((await redrive(shop, { dryRun: false, limit: 2, cursor })).json)
    redriven.push(batch.redriven)
    cursor = batch.cursor
  } while (cursor !== undefined)
  expect(redriven).toEqual([2, 2, 1])
})
