import { expect, test } from '@jest/globals'

import { aDelivery } from './a-delivery.ts'
import { readJob, toJob } from './job.ts'

const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'shop=basket-7' }

test('a delivery that is traced takes its trace with it', () => {
  const delivery = aDelivery({ trace })
  const data: unknown = JSON.parse(JSON.stringify(toJob(delivery)))
  expect(readJob({ id: delivery.id, data })).toEqual({ delivery })
})

test.each([
  ['a later form', { traceparent: { version: 1 } }],
  ['nothing that is known', 'x'],
])('a delivery whose trace is of %s is delivered, without it', (_which, odd) => {
  const { id, ...delivery } = aDelivery()
  const read = readJob({ id, data: { v: 3, delivery: { ...delivery, trace: odd } } })
  expect(read).toEqual({ delivery: { id, ...delivery } })
})

// As a trace was, to workers of the release before it.
test('what a later version notes in a job of this form is left aside', () => {
  const { id, ...delivery } = aDelivery()
  const read = readJob({ id, data: { v: 3, delivery: { ...delivery, noted: 'later' }, alsoNoted: 1 } })
  expect(read).toEqual({ delivery: { id, ...delivery } })
})
