import { once } from 'node:events'
import { connect } from 'node:net'

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { listen, type Listening } from '@ott/runtime'
import express from 'express'
import { Registry } from 'prom-client'

import { countRequests } from './request-metrics.ts'

const name = 'ott_http_request_duration_seconds'
const registry = new Registry()
let listening: Listening

beforeAll(async () => {
  const app = express()
  app.get('/things/:id', (request, response) => void response.status(Number(request.params.id)).end())
  app.get('/silence', () => undefined)
  const place = { host: '127.0.0.1', port: 0, variable: 'PORT' }
  listening = await listen(app, { ...place, prepare: (server) => countRequests(server, registry) })
})
afterAll(() => listening.close())

/** The samples of a metric, each without its name. */
async function samplesOf(metric: string): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n')
  return lines.filter((line) => line.startsWith(`${metric}{`)).map((line) => line.slice(metric.length))
}

test('requests are counted each time once by what they were for and how they were answered, and so is how long they took', async () => {
  for (const path of ['/things/200', '/things/204', '/things/204', '/things/503', '/nothing'])
    await fetch(listening.url + path)
  await fetch(`${listening.url}/things/200`, { method: 'PATCH' })
  const counted = [
    '{method="POST",route="/ott/v1/send",status="201",reason=""} 0',
    '{method="GET",route="/things/:id",status="200",reason=""} 1',
    '{method="GET",route="/things/:id",status="204",reason=""} 2',
    '{method="GET",route="/things/:id",status="503",reason=""} 1',
    '{method="GET",route="none",status="404",reason=""} 1',
    '{method="other",route="none",status="404",reason=""} 1',
  ]
  await untilTrue(async () => (await samplesOf('ott_http_requests_total')).length === counted.length)
  expect(await samplesOf('ott_http_requests_total')).toEqual(counted)
  expect(await samplesOf('ott_http_requests_total')).toEqual(counted)
  expect(await samplesOf(`${name}_count`)).toEqual([
    '{route="/things/:id",status="2xx"} 3',
    '{route="/things/:id",status="5xx"} 1',
    '{route="none",status="4xx"} 2',
  ])
})

test('a request whose client goes away before it is answered has the status none', async () => {
  const client = connect(Number(new URL(listening.url).port), '127.0.0.1')
  await once(client, 'connect')
  const came = once(listening.server, 'request')
  client.write('GET /silence HTTP/1.1\r\nhost: here\r\n\r\n')
  await came
  client.destroy()
  const gone = '{route="/silence",status="none"} 1'
  await untilTrue(async () => (await samplesOf(`${name}_count`)).includes(gone))
})
