import { afterEach, expect, test } from '@jest/globals'
import { durationOf } from '@ott/local/testing'

import { type Check, createHealth, onlyHealth } from './health.ts'
import { listen, type Listening } from './listen.ts'

const servers: Listening[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(checks: Record<string, Check>, live?: Record<string, Check>): Promise<string> {
  const options = { host: '127.0.0.1', port: 0, variable: 'HEALTH_PORT' }
  const server = await listen(onlyHealth(createHealth(checks, live)), options)
  servers.push(server)
  return server.url
}

test('a program whose checks pass is ready, and says what it checked', async () => {
  const response = await fetch(`${await serve({ redis: async () => 'ok' })}/health/ready`)
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok', checks: { redis: 'ok' } }])
})

test('a program is not ready while one check fails, and says which and why, but it is live', async () => {
  const url = await serve({ redis: () => Promise.reject(new Error('Redis is away')), queue: async () => 'ok' })
  const response = await fetch(`${url}/health/ready`)
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: 'unavailable', checks: { redis: 'Redis is away', queue: 'ok' } },
  ])
  expect((await fetch(`${url}/health/live?verbose`)).status).toBe(200)
})

test('a program that is not well in itself is not live, and says why; that it is not ready is another matter', async () => {
  const url = await serve(
    { redis: async () => 'ok' },
    { progress: () => Promise.reject(new Error('nothing taken for 60 s')) },
  )
  const response = await fetch(`${url}/health/live`)
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: 'unavailable', checks: { progress: 'nothing taken for 60 s' } },
  ])
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
})

test('a check that never ends holds no answer for longer than a second', async () => {
  const url = await serve({ queue: () => Promise.withResolvers<string>().promise })
  const answer = fetch(`${url}/health/ready`)
  expect(await durationOf(() => answer)).toBeLessThan(1500)
  const response = await answer
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: 'unavailable', checks: { queue: 'no answer within 1000 ms' } },
  ])
})

test('nothing else is answered there', async () => {
  expect((await fetch(`${await serve({})}/health/secret`)).status).toBe(404)
})

test('a port that is taken is named, with the variable that changes it', async () => {
  const { port } = new URL(await serve({}))
  const again = listen(() => undefined, { host: '127.0.0.1', port: Number(port), variable: 'HEALTH_PORT' })
  await expect(again).rejects.toThrow(`port ${port} on 127.0.0.1 is already in use`)
  await expect(again).rejects.toThrow('set HEALTH_PORT to another port')
})

test('an address that is not this machine’s is named', async () => {
  const elsewhere = listen(() => undefined, { host: '192.0.2.1', port: 0, variable: 'PORT' })
  await expect(elsewhere).rejects.toThrow('192.0.2.1 is not an address of this machine')
})

async function tellTop(query: URLSearchParams) {
  if (query.get('top') === null) throw new Error('Redis is away')
  return { top: query.get('top') }
}

test('what else a program tells is told in JSON at its path, with what was asked for; when it cannot be told, why', async () => {
  const answers = onlyHealth(createHealth({}), undefined, { path: '/senders', tell: tellTop })
  const server = await listen(answers, { host: '127.0.0.1', port: 0, variable: 'HEALTH_PORT' })
  servers.push(server)
  const ask = async (path: string) => {
    const response = await fetch(server.url + path)
    return [response.status, await response.json()]
  }
  expect(await ask('/senders?top=3')).toEqual([200, { top: '3' }])
  expect(await ask('/senders')).toEqual([503, { message: 'Redis is away' }])
  expect(await ask('//')).toEqual([404, { message: 'Here are only /health/live, /health/ready, /senders.' }])
})
