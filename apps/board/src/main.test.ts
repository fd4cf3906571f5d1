import { beforeAll, expect, test } from '@jest/globals'
import type { Program } from '@ott/local'
import { untilTrue, useRedis } from '@ott/local/testing'
import { type Attempt, openQueue, startDeliveryWorker } from '@ott/queue'
import { usual } from '@ott/queue/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { openBoard, visit } from './visitor.ts'

const server = useRedis()
const logger = createLogger('test', 'silent')

const recipient = `U${'0123456789abcdef'.repeat(2)}`
const reference = 'reply-token-of-carol'
const text = 'Your code is 391-775'
const picture = 'https://pictures.example/carol.jpg'
const sticker = 'sticker-77'
const secrets = [recipient, reference, text, picture, sticker, 'For Carol', 'carol-1']

let redis: Redis
let board: Program

/** One delivery fails, quoted in the reason; one is sent; one waits on the other queue; one job is of no form known. */
const ids = {
  failed: 'fa11ed00-0000-4000-8000-000000000000',
  sent: '5e470000-0000-4000-8000-000000000000',
  waiting: '3a171000-0000-4000-8000-000000000000',
  strange: '57a46e00-0000-4000-8000-000000000000',
}

beforeAll(async () => {
  redis = await openRedis(server.url, 'waiting', logger)
  server.onStop(() => closeRedis(redis))
  await addDelivery('line', ids.failed)
  await addDelivery('line', ids.sent)
  const waiting = await addDelivery('messenger', ids.waiting)
  await waiting.log(`asked to write ${text} to ${recipient}`)
  await addDelivery('messenger', ids.strange)
  await redis.hset(`ott:messenger:${ids.strange}`, 'data', JSON.stringify({ v: 99, text }))
  await settleAll()
  board = await openBoard(server)
})

async function addDelivery(network: string, id: string) {
  const queue = openQueue(network, redis)
  server.onStop(() => queue.close())
  const delivery = {
    account: 'shop',
    network,
    sender: '1234567890',
    recipient: { id: recipient, reference },
    contents: [
      { type: 'text' as const, text },
      { type: 'image' as const, url: picture },
      { type: 'native' as const, payload: { type: 'sticker', nested: [{ stickerId: sticker }] } },
    ],
    key: 'carol-1',
    subject: 'For Carol',
    validity: '60',
    createdAt: Date.UTC(2026, 0, 31, 12),
  }
  return queue.add('deliver', { v: 3, delivery }, { jobId: id })
}

async function settleAll(): Promise<void> {
  const message = `may not write "${text}" with ${picture} to ${recipient} (${reference})`
  const attempt: Attempt = async ({ id }) =>
    id === ids.failed
      ? { outcome: 'refused', reason: 'content', message }
      : { outcome: 'accepted', via: 'push', messageIds: ['461230966842064897'] }
  const worker = startDeliveryWorker('line', attempt, { ...usual, redis })
  const queue = openQueue('line', redis)
  await untilTrue(async () => (await queue.getJobCountByTypes('completed', 'failed')) === 2)
  await Promise.all([worker.close(), queue.close()])
}

async function fetchText(path: string, program = board): Promise<string> {
  const response = await visit(program, path)
  expect(response.status).toBe(200)
  return response.text()
}

const jobPath = (network: string, id: string) => `/api/queues/${network}/${id}`

test('every network’s queue is shown, with what an operator needs of each delivery', async () => {
  const queues: unknown = JSON.parse(
    await fetchText('/api/queues?activeQueue=line&status=latest&page=1&jobsPerPage=10'),
  )
  expect(queues).toMatchObject({
    queues: [
      { name: 'line', readOnlyMode: true, allowRetries: false, counts: { completed: 1, failed: 1 } },
      { name: 'messenger', readOnlyMode: true, allowRetries: false, counts: { waiting: 2 } },
    ],
  })
  expect(JSON.parse(await fetchText(jobPath('line', ids.failed)))).toMatchObject({
    status: 'failed',
    job: {
      id: ids.failed,
      failedReason: 'content: may not write "…" with … to … (…)',
      data: {
        v: 3,
        account: 'shop',
        network: 'line',
        sender: '1234567890',
        recipient: { id: '…cdef', reference: '…arol' },
        contents: ['text', 'image', 'native'],
        createdAt: '2026-01-31T12:00:00.000Z',
      },
    },
  })
  expect(JSON.parse(await fetchText(jobPath('line', ids.sent)))).toMatchObject({
    status: 'completed',
    job: { returnValue: { outcome: 'accepted', via: 'push', messageIds: ['461230966842064897'] } },
  })
})

test.each([
  ['the list of a queue’s jobs', '/api/queues?activeQueue=line&status=latest&page=1&jobsPerPage=10'],
  ['the list of another', '/api/queues?activeQueue=messenger&status=waiting&page=1&jobsPerPage=10'],
  ['a failed delivery', jobPath('line', ids.failed)],
  ['a sent delivery', jobPath('line', ids.sent)],
  ['a waiting delivery', jobPath('messenger', ids.waiting)],
  ['a job of no form known', jobPath('messenger', ids.strange)],
  ['a job’s log', `${jobPath('messenger', ids.waiting)}/logs`],
  ['a job’s flow', `${jobPath('line', ids.failed)}/flow`],
  ['the page itself', `/queue/line/${ids.failed}`],
  ['the figures of operations', '/operations/figures'],
])('what was written to whom is not in %s', async (_what, path) => {
  const shown = await fetchText(path)
  expect(shown.length).toBeGreaterThan(0)
  expect(secrets.filter((secret) => shown.includes(secret))).toEqual([])
})

test.each([
  ['PUT', `${jobPath('line', ids.failed)}/retry/failed`],
  ['PUT', `${jobPath('line', ids.failed)}/clean`],
  ['PUT', `${jobPath('messenger', ids.waiting)}/promote`],
  ['PATCH', `${jobPath('messenger', ids.waiting)}/update-data`],
  ['PUT', '/api/queues/line/retry/failed'],
  ['PUT', '/api/queues/line/clean/failed'],
  ['PUT', '/api/queues/messenger/empty'],
  ['PUT', '/api/queues/messenger/obliterate'],
  ['PUT', '/api/queues/messenger/pause'],
  ['PUT', '/api/queues/pause'],
  ['POST', '/api/queues/messenger/add'],
])('nothing can be changed from the board: %s %s', async (method, path) => {
  const before = await fetchText('/api/queues')
  const response = await visit(board, path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'deliver', data: {}, jobData: {}, force: true }),
  })
  expect(response.status).toBe(405)
  expect(await fetchText('/api/queues')).toBe(before)
})

test('an operator who asks for it sees the whole delivery', async () => {
  const open = await openBoard(server, { BOARD_SHOW_CONTENTS: 'true' })
  const shown = await fetchText(jobPath('line', ids.failed), open)
  expect(secrets.filter((secret) => shown.includes(secret))).toEqual(secrets)
  expect((await visit(open, '/api/queues/line/clean/failed', { method: 'PUT' })).status).toBe(405)
})

test('the page is of this origin alone, and no other site may frame it', async () => {
  const response = await visit(board, '/')
  expect(response.headers.get('content-type')).toContain('text/html')
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
})

test('it stops at once when asked, though a browser keeps its connection open', async () => {
  const program = await openBoard(server)
  await fetchText('/', program)
  await program.stop()
  expect(await program.ended).toBe('exit code 0')
})
