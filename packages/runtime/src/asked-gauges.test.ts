import { expect, test } from '@jest/globals'
import { durationOf } from '@ott/local/testing'
import { Registry } from 'prom-client'

import { type AskedGauge, exposeAsked } from './asked-gauges.ts'

const depth: AskedGauge<Readonly<Record<string, number>>> = {
  name: 'ott_depth',
  help: 'Deliveries in a queue.',
  labels: ['queue'],
  over: 'max',
  values: (depths) => Object.entries(depths).map(([queue, value]) => ({ queue, value })),
}
const queues: AskedGauge<Readonly<Record<string, number>>> = {
  name: 'ott_queues',
  help: 'Queues.',
  over: 'max',
  values: (depths) => [{ value: Object.keys(depths).length }],
}

test('all gauges of one question are filled by asking once a scrape, and what is no longer there is no longer told', async () => {
  const registry = new Registry()
  const answers = [{ a: 1, b: 2 }, { b: 3 }]
  let asked = 0
  exposeAsked(registry, async () => answers[asked++] ?? {}, [depth, queues])
  const first = await registry.metrics()
  expect(asked).toBe(1)
  expect(first).toContain('ott_depth{queue="a"} 1\nott_depth{queue="b"} 2\n')
  expect(first).toContain('ott_queues 2\n')
  const second = await registry.metrics()
  expect(second).toContain('ott_depth{queue="b"} 3\n')
  expect(second).not.toContain('queue="a"')
})

test('gauges stay as they were while there is no answer, and are filled again when there is', async () => {
  const registry = new Registry()
  const answers = [Promise.resolve({ a: 1 }), Promise.reject(new Error('Redis is away')), Promise.resolve({ a: 2 })]
  answers[1]?.catch(() => undefined)
  exposeAsked(registry, () => answers.shift() ?? Promise.resolve({}), [depth])
  await registry.metrics()
  expect(await registry.metrics()).toContain('ott_depth{queue="a"} 1\n')
  expect(await registry.metrics()).toContain('ott_depth{queue="a"} 2\n')
})

test('an answer that does not come keeps nobody who scrapes for longer than a second', async () => {
  const registry = new Registry()
  exposeAsked(registry, () => Promise.withResolvers<Record<string, number>>().promise, [depth])
  const scraped = registry.metrics()
  expect(await durationOf(() => scraped)).toBeLessThan(1500)
  expect(await scraped).toContain('# TYPE ott_depth gauge')
})
