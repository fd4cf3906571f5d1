import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { Cluster, Redis } from 'ioredis'

import { aLineConversation } from './conversation.ts'
import { useFleet } from './use-fleet.ts'

const fleet = useFleet()

const megabyte = 1024 ** 2

const connect = (url: string) => (url.includes(',') ? new Cluster(url.split(',')) : new Redis(url))
type Connection = ReturnType<typeof connect>

/** Those that may become full. */
const mastersOf = (redis: Connection) => (redis instanceof Cluster ? redis.nodes('master') : [redis])

/** Leaves Redis so little room that it is fuller than the ingress wants it, and not full. */
async function fillTo(redis: Connection, percent: number): Promise<void> {
  // In pieces: what Redis holds of one large command for a moment would be counted too.
  for (let piece = 0; piece < 50; piece += 1) await redis.set(`ott:filler:${piece}`, 'x'.repeat(megabyte))
  for (const master of mastersOf(redis)) {
    const used = Number(/used_memory:(\d+)/.exec(await master.info('memory'))?.[1])
    await master.config('SET', 'maxmemory', String(Math.round((used * 100) / percent)))
  }
}

test('near its maxmemory Redis is kept for what was taken: sends are answered 503, and workers deliver and record', async () => {
  const redis = connect(fleet().redisUrl)
  try {
    const { senderId, ottId, request } = await aLineConversation(fleet())
    await fleet().sandbox.fault({ network: 'line', sender: senderId, fault: 'slow-answer', delayMs: 2500 })
    const id = await fleet().send(request())
    await fillTo(redis, 95)
    const send = () => fleet().api('POST', 'send', { messageKey: 'k', validityPeriod: '30', ...request() })
    await untilTrue(async () => (await send()).status === 503)
    const refused = await send()
    expect(refused.body).toMatchObject({ errorcode: 50300 })
    expect(refused.headers.get('retry-after')).toBe('1')
    const ready = await fetch(`${fleet().ingress.healthUrl}/health/ready`)
    expect(await ready.text()).toContain('Redis is nearly full')
    expect((await fetch(`${fleet().worker('line').healthUrl}/health/ready`)).status).toBe(200)
    expect(await fleet().settled(id)).toMatchObject({ event: 'Sent' })
    for (const master of mastersOf(redis)) await master.config('SET', 'maxmemory', '0')
    await untilTrue(async () => (await send()).status === 201)
    expect((await fleet().sandbox.received(ottId)).length).toBeGreaterThan(0)
  } finally {
    redis.disconnect()
  }
})
