import { expect, test } from '@jest/globals'
import { Registry } from 'prom-client'

import { DurationHistogram } from './duration-histogram.ts'

const name = 'ott_things_seconds'

test('durations are told as Prometheus has a histogram: how many took up to each bound, in all, and together', async () => {
  const registry = new Registry()
  const histogram = new DurationHistogram({
    name,
    help: 'How long things take.',
    labelNames: ['kind'],
    boundsSeconds: [0.005, 0.01, 0.3, 2.5],
    registers: [registry],
  })
  for (const seconds of [0.001, 0.005, 0.006, 0.31, 4]) histogram.of({ kind: 'usual' }).add(seconds)
  const [, type, ...samples] = (await registry.metrics()).trim().split('\n')
  expect(type).toBe(`# TYPE ${name} histogram`)
  const upTo = '0.005 2, 0.01 3, 0.3 3, 2.5 4, +Inf 5'.split(', ').map((each) => each.split(' '))
  expect(samples).toEqual([
    ...upTo.map(([le, count]) => `${name}_bucket{kind="usual",le="${le}"} ${count}`),
    `${name}_sum{kind="usual"} ${0.001 + 0.005 + 0.006 + 0.31 + 4}`,
    `${name}_count{kind="usual"} 5`,
  ])
})
