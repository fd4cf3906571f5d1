import { beforeEach, expect, test } from '@jest/globals'
import { Registry } from 'prom-client'

import { type CountItems, createItemCount } from './batch-metrics.ts'
import { toLine, toMessenger } from './requests.ts'
import { unavailable } from '../unavailable.ts'
import { useIngress } from '../use-ingress.ts'

let away = false
let counted = createItemCount()
beforeEach(() => {
  counted = createItemCount()
  away = false
})

const countItems: CountItems = (...given) => counted.countItems(...given)
const ingress = useIngress({
  countItems,
  enqueue: async () => {
    if (away) throw unavailable('Redis is away', undefined)
  },
})

/** What is counted once these were sent as a batch, each as `status reason: count`. */
async function countsOf(requests: readonly unknown[]): Promise<string[]> {
  expect((await ingress.post('/ott/v1/send/batch', requests)).status).toBe(207)
  const registry = new Registry()
  counted.exposeItems(registry)
  const samples = (await registry.metrics()).matchAll(/^\w+\{status="(\w+)",reason="(\w*)"\} (\d+)$/gm)
  return Array.from(samples, ([, status, reason, count]) => `${status} ${reason}: ${count}`)
}

test('each request of a batch is counted as it was answered, and for what it was refused', async () => {
  const elsewhere = toMessenger({ from: { senderType: 'messenger', senderId: 'nobody' } })
  const requests = [toLine(), toLine({ messageKey: undefined }), 'no request', toLine(), elsewhere]
  expect(await countsOf(requests)).toEqual([
    '201 : 2',
    '503 unavailable: 0',
    '400 missing: 1',
    '400 wrongType: 1',
    '400 invalidValue: 1',
  ])
})

test('with Redis away all of a batch is counted as 503, what was not begun too', async () => {
  away = true
  expect(await countsOf(Array.from({ length: 250 }, () => toLine()))).toEqual(['201 : 0', '503 unavailable: 250'])
})
