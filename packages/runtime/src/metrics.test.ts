import { afterEach, expect, test } from '@jest/globals'
import { Counter, Gauge } from 'prom-client'

import { createHealth, onlyHealth } from './health.ts'
import { listen, type Listening } from './listen.ts'
import { createMetrics, type Metrics } from './metrics.ts'

let server: Listening | undefined

afterEach(() => server?.close())

function fail(): never {
  throw new Error('Redis is away')
}

async function scrape(metrics: Metrics): Promise<Response> {
  const place = { host: '127.0.0.1', port: 0, variable: 'HEALTH_PORT' }
  server = await listen(onlyHealth(createHealth({}), metrics), place)
  return fetch(`${server.url}/metrics`)
}

test('beside health, Prometheus finds the metrics of the process, of the build, and the program’s own', async () => {
  const metrics = createMetrics({ program: 'worker', network: 'line', revision: '0123abc' })
  new Counter({ name: 'ott_tests_total', help: 'Tests.', registers: [metrics.registry] }).inc()
  const response = await scrape(metrics)
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  const text = await response.text()
  expect(text).toMatch(/^process_resident_memory_bytes\{program="worker",network="line"\} \d+$/m)
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds\{/m)
  expect(text).toMatch(
    /^ott_build_info\{version="\d[^"]*",revision="0123abc",node="[\d.]+",program="worker",network="line"\} 1$/m,
  )
  expect(text).toMatch(/^ott_tests_total\{program="worker",network="line"\} 1$/m)
  expect((await fetch(`${server?.url}/health/live`)).status).toBe(200)
})

test('two programs in one process keep their metrics apart', async () => {
  createMetrics({ program: 'worker', network: 'line' })
  const text = await (await scrape(createMetrics({ program: 'ingress' }))).text()
  expect(text).toMatch(/^ott_build_info\{[^}]*revision="([0-9a-f]{12}|unknown)",[^}]*program="ingress"\} 1$/m)
  expect(text).not.toContain('line')
})

test('a metric that cannot be collected is told, rather than left out', async () => {
  const metrics = createMetrics({ program: 'ingress' })
  metrics.registry.registerMetric(new Gauge({ name: 'ott_waiting', help: 'Deliveries.', registers: [], collect: fail }))
  const response = await scrape(metrics)
  expect([response.status, await response.text()]).toEqual([
    500,
    'The metrics could not be collected: Error: Redis is away',
  ])
})
