import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { accepted, refused } from '@ott/delivery'
import { startTcpProxy, type TcpProxy, untilTrue, useRedis } from '@ott/local/testing'
import { NetworkQueues, ParkedCounts } from '@ott/queue'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { useFleet } from '../use-fleet.ts'
import type { Sample } from './sample.ts'
import { type Sampler, type SamplerOptions, startSampler } from './sampler.ts'

const server = useRedis()
const fleet = useFleet(server, ['line', 'messenger'])
const logger = createLogger('test', 'silent')
const blocked = '1650000009'

let proxy: TcpProxy
let redis: Redis
const samplers: Sampler[] = []

beforeAll(async () => {
  proxy = await startTcpProxy(server.url)
  server.onStop(() => proxy.close())
  redis = await openRedis(proxy.url, 'failing', logger)
  server.onStop(() => closeRedis(redis))
  await fleet.register('line', blocked)
})

afterEach(async () => {
  for (const sampler of samplers.splice(0)) await sampler.close()
})

/** A sampler that looks so often that nobody has to wait for it. */
function sample(changes: Partial<SamplerOptions> = {}): Sampler {
  const networks = ['line', 'messenger'].map((name) => {
    const queues = new NetworkQueues(name, redis)
    server.onStop(() => queues.close())
    return { name, title: name, queues, parked: new ParkedCounts(name, redis) }
  })
  const sampler = startSampler({ networks, redis, logger, everyMs: 50, ...changes })
  samplers.push(sampler)
  return sampler
}

/** Of all samples, how many deliveries of LINE came in, were sent, and failed for not being reached. */
function totals(samples: readonly Sample[]) {
  const sum = (count: (sample: Sample) => number | undefined) =>
    samples.reduce((total, one) => total + (count(one) ?? 0), 0)
  return {
    accepted: sum(({ networks }) => networks['line']?.accepted),
    sent: sum(({ networks }) => networks['line']?.sent),
    recipient: sum(({ networks }) => networks['line']?.failed.recipient),
  }
}

const lastOf = (sampler: Sampler) => sampler.after(0).at(-1)?.networks['line']

test('what waits is seen by lane, and for how long the oldest has waited', async () => {
  const sampler = sample()
  await untilTrue(() => sampler.after(0).length > 0)
  await fleet.send('line', 'free', 3, 'reply')
  await fleet.send('line', 'free', 2)
  await fleet.send('line', 'free', 1, 'slow')
  await untilTrue(() => lastOf(sampler)?.waiting.slow === 1)
  expect(lastOf(sampler)?.waiting).toEqual({ reply: 3, usual: 2, slow: 1 })
  await untilTrue(() => (lastOf(sampler)?.oldestMs ?? 0) > 100)
  expect(totals(sampler.after(0))).toEqual({ accepted: 6, sent: 0, recipient: 0 })
  expect(sampler.after(0).at(-1)?.networks['messenger']?.waiting.usual).toBe(0)
})

test('whatever is accepted, sent and failed is in the samples, once', async () => {
  fleet.start(async ({ sender }) =>
    sender === blocked ? refused('recipient', 'LINE answered 400') : accepted('push', ['1']),
  )
  await untilTrue(async () => (await fleet.redis().zcard('ott:line:completed')) === 6)
  const sampler = sample({ everyMs: 100 })
  await untilTrue(() => sampler.after(0).length > 0)
  const before = totals(sampler.after(0))
  for (let number = 0; number < 200; number += 1) await fleet.send('line', number % 4 === 0 ? blocked : 'free', 1)
  const since = () => {
    const now = totals(sampler.after(0))
    return { ended: now.sent + now.recipient - before.sent - before.recipient, ...now }
  }
  await untilTrue(() => since().ended >= 200)
  expect(since()).toMatchObject({ sent: before.sent + 150, recipient: 50, ended: 200 })
  // What ends while the queue is looked at may count on either side of that moment.
  expect(Math.abs(since().accepted - before.accepted - 200)).toBeLessThan(20)
})

test('while Redis is away nothing is seen, and it goes on when it is back', async () => {
  const sampler = sample()
  await untilTrue(() => sampler.after(0).length > 0)
  proxy.silence()
  await untilTrue(() => redis.status !== 'ready')
  const lastBefore = sampler.after(0).at(-1)?.at ?? 0
  proxy.leadTo(server.url)
  await untilTrue(() => sampler.after(lastBefore).length > 1)
  const [first] = sampler.after(lastBefore)
  expect(first?.spanMs).toBeGreaterThan(50)
})

test('each asks for what it has not seen yet, and what is older than an hour is forgotten', async () => {
  let clock = Date.now()
  const sampler = sample({ now: () => (clock += 20 * 60 * 1000) })
  await untilTrue(() => sampler.latest() !== undefined && clock > Date.now() + 6 * 60 * 60 * 1000)
  const samples = sampler.after(0)
  expect(samples).toHaveLength(2)
  expect(sampler.after(samples[0]?.at ?? 0)[0]?.at).toBe(samples[1]?.at)
})

test('a clock that is set back begins anew, and nobody waits until it is where it was', async () => {
  let offset = 60 * 60 * 1000
  const sampler = sample({ now: () => Date.now() + offset })
  await untilTrue(() => sampler.after(0).length > 0)
  const seen = sampler.after(0).at(-1)?.at ?? 0
  offset = 0
  await untilTrue(() => {
    const [first] = sampler.after(seen)
    return first !== undefined && first.at < seen
  })
})
