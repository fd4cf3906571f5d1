import { expect, test } from '@jest/globals'
import { Counter, Gauge, Histogram } from 'prom-client'

import { createMetrics } from './metrics.ts'
import { ProcessMetrics, tellMetrics } from './process-metrics.ts'

/** A process with metrics of its own, one of which is how late it is. */
function aProcess(lagSeconds: number) {
  const { registry } = createMetrics({ program: 'ingress' })
  registry.removeSingleMetric('nodejs_eventloop_lag_p99_seconds')
  const registers = [registry]
  const about = { help: '-', registers }
  new Gauge({ name: 'nodejs_eventloop_lag_p99_seconds', aggregator: 'average', ...about }).set(lagSeconds)
  const requests = new Counter({ name: 'requests_total', labelNames: ['status'], ...about })
  const seconds = new Histogram({ name: 'answer_seconds', buckets: [1, 2], ...about })
  const waiting = new Gauge({ name: 'waiting', ...about })
  const work = (status: string, count: number): void => {
    requests.inc({ status }, count)
    seconds.observe(1.5)
    waiting.set(count)
  }
  return { work, ask: async (): Promise<unknown> => JSON.parse(JSON.stringify(await tellMetrics(registry))) }
}

type Process = ReturnType<typeof aProcess>

function together(...processes: Process[]) {
  const metrics = new ProcessMetrics<Process>((process) => process.ask())
  for (const process of processes) metrics.begin(process)
  return metrics
}

/** The samples that have these names, without the program among their labels. */
async function samples(metrics: ProcessMetrics<Process>, ...names: string[]): Promise<string[]> {
  const lines = (await metrics.text())
    .replaceAll(/,?program="ingress"/g, '')
    .replaceAll('{}', '')
    .split('\n')
  return lines.filter((line) => names.some((name) => line.startsWith(`${name} `) || line.startsWith(`${name}{`)))
}

test('what several processes count is added up, and goes on being told of one that has ended', async () => {
  const [first, second] = [aProcess(0), aProcess(0)]
  const metrics = together(first, second)
  first.work('201', 10)
  second.work('201', 5)
  second.work('503', 1)
  const counted = ['requests_total{status="201"} 15', 'requests_total{status="503"} 1', 'answer_seconds_count 3']
  const read = () => samples(metrics, 'requests_total', 'answer_seconds_count')
  expect((await read()).toSorted()).toEqual(counted.toSorted())

  metrics.end(second)
  expect((await read()).toSorted()).toEqual(counted.toSorted())
  const third = aProcess(0)
  metrics.begin(third)
  third.work('201', 2)
  metrics.end(first)
  expect(await read()).toEqual(expect.arrayContaining(['requests_total{status="201"} 17', 'answer_seconds_count 4']))
})

test('what is at a moment is told of those alone that are there, and answer', async () => {
  const [first, second] = [aProcess(0), aProcess(0)]
  let answers = true
  const metrics = new ProcessMetrics<Process>(async (process) => {
    if (process === second && !answers) throw new Error('it hangs')
    return process.ask()
  })
  for (const process of [first, second]) {
    metrics.begin(process)
    process.work('201', 3)
  }
  expect(await samples(metrics, 'waiting')).toEqual(['waiting 6'])
  answers = false
  first.work('201', 1)
  expect(await samples(metrics, 'waiting', 'requests_total')).toEqual(['requests_total{status="201"} 7', 'waiting 1'])
  metrics.end(second)
  expect(await samples(metrics, 'waiting', 'requests_total')).toEqual(['requests_total{status="201"} 7', 'waiting 1'])
})

test('of several processes the worst lag is told, and the build once', async () => {
  const metrics = together(aProcess(0.01), aProcess(0.5), aProcess(0.02))
  expect(await samples(metrics, 'nodejs_eventloop_lag_p99_seconds')).toEqual(['nodejs_eventloop_lag_p99_seconds 0.5'])
  expect(await samples(metrics, 'ott_build_info')).toEqual([expect.stringMatching(/\} 1$/)])
})
