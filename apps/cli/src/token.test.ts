import { once } from 'node:events'
import { createServer } from 'node:http'

import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { runOtt } from './run-ott.ts'
import { runProgram } from './use-ott.ts'

/** The token endpoint, as far as its client sees it. */
const api = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const known =
      request.url === '/v2/token' && form.get('client_id') === 'shop' && form.get('client_secret') === 's3cret'
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
    response.end(known ? '{"access_token":"the.token","expires_in":1079}' : '{"error":"invalid_client"}')
  })
})
let env: Record<string, string>

beforeAll(async () => {
  api.listen(0, '127.0.0.1')
  await once(api, 'listening')
  const address = api.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  env = {
    OTT_ENV_FILE: '/dev/null',
    OTT_URL: `http://127.0.0.1:${port}`,
    OTT_CLIENT_ID: 'shop',
    OTT_CLIENT_SECRET: 's3cret',
  }
})
afterAll(() => void api.close())

test('the token is printed alone, so that it can stand in a command', async () => {
  expect(await runProgram(['token'], { env })).toEqual({ code: 0, stdout: 'the.token\n', stderr: '' })
})

test('as JSON it comes with the time it has', async () => {
  const { stdout } = await runOtt(['token', '--json'], { env })
  expect(JSON.parse(stdout)).toEqual({ access_token: 'the.token', expires_in: 1079 })
})

test('a client that is refused is told what to do, and its secret is not repeated', async () => {
  const { code, stderr } = await runOtt(['token'], { env: { ...env, OTT_CLIENT_SECRET: 'hunter2' } })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: no token: invalid_client\. `ott client list`/)
  expect(stderr).not.toContain('hunter2')
})

test('without settings each is named, and where they come from', async () => {
  const { code, stderr } = await runOtt(['token'], { env: { OTT_ENV_FILE: '/dev/null' } })
  expect(code).toBe(1)
  for (const name of ['OTT_URL', 'OTT_CLIENT_ID', 'OTT_CLIENT_SECRET']) expect(stderr).toContain(`${name}: must be set`)
})

test('an API that does not answer is named', async () => {
  const { code, stderr } = await runOtt(['token'], { env: { ...env, OTT_URL: 'http://127.0.0.1:1' } })
  expect(code).toBe(1)
  expect(stderr).toContain('http://127.0.0.1:1 does not answer')
})
