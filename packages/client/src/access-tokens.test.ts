import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import type { Client } from './client.ts'
import { clientId, clientSecret, refused, type Reply, useScriptedApi } from './use-scripted-api.ts'

const api = useScriptedApi()
const status: Reply = { status: 200, body: { status: [{ event: 'Created' }] } }
const ask = (client: Client) => client.status('order-17')
const tokensUsed = () => api.received.map(({ headers }) => headers.authorization)

test('however many calls are made at a time, one token is fetched', async () => {
  api.answer(() => status)
  const client = api.client()
  await Promise.all(Array.from({ length: 20 }, () => ask(client)))
  await ask(client)
  expect(api.tokens).toMatchObject([
    { body: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret } },
  ])
  expect(new Set(tokensUsed())).toEqual(new Set(['Bearer token-1']))
})

test('a token is not used in the last part of its life', async () => {
  api.answer(() => status)
  api.answerTokens((_call, number) => ({
    status: 200,
    body: { access_token: `token-${number}`, expires_in: number - 1 },
  }))
  const client = api.client()
  await ask(client)
  await ask(client)
  expect(await client.accessToken()).toEqual({ accessToken: 'token-2', expiresInSeconds: 0 })
  expect(tokensUsed()).toEqual(['Bearer token-1', 'Bearer token-2'])
})

test('a token that is refused is renewed once for all calls, and each is repeated once', async () => {
  api.answer(({ headers }) => (headers.authorization === 'Bearer token-1' ? refused(401, 0) : status))
  const client = api.client()
  await Promise.all([ask(client), ask(client), ask(client)])
  expect(api.tokens).toHaveLength(2)
  expect(tokensUsed()).toHaveLength(6)
})

test('a call that is refused with a new token too is not made again', async () => {
  api.answer(() => refused(401, 0))
  await expect(ask(api.client())).rejects.toMatchObject({ status: 401, retryable: false })
  expect(tokensUsed()).toEqual(['Bearer token-1', 'Bearer token-2'])
})

test('a renewal that fails for a moment is repeated, and one that is refused is told', async () => {
  api.answer(() => status)
  api.answerTokens((_call, number) =>
    number === 1 ? 'cut' : { status: 200, body: { access_token: 'late', expires_in: 1079 } },
  )
  await ask(api.client())
  expect(tokensUsed()).toEqual(['Bearer late'])

  const body = { error: 'invalid_client', error_description: 'The client is unknown' }
  api.answerTokens(() => ({ status: 401, body }))
  const refusal = { name: 'OttError', message: 'The client is unknown', status: 401, retryable: false }
  await expect(ask(api.client())).rejects.toMatchObject(refusal)
})

test('a token that cannot be had is asked for as often as a call is repeated, and no more', async () => {
  api.answerTokens(() => 'cut')
  await expect(ask(api.client({ retries: 2 }))).rejects.toMatchObject({ status: undefined, retryable: true })
  await expect(api.client({ retries: 2 }).accessToken()).rejects.toMatchObject({ retryable: true })
  expect(api.tokens).toHaveLength(3 + 3)
})

test('whoever gives up waiting for a token does not end the renewal for the others', async () => {
  const issued = Promise.withResolvers<Reply>()
  api.answer(() => status)
  api.answerTokens(() => issued.promise)
  const client = api.client()
  const leave = new AbortController()
  const impatient = client.status('order-17', { signal: leave.signal })
  const patient = ask(client)
  await untilTrue(() => api.tokens.length === 1)
  leave.abort(new Error('too late'))
  await expect(impatient).rejects.toThrow('too late')
  issued.resolve({ status: 200, body: { access_token: 'one', expires_in: 1079 } })
  await patient
  expect(api.tokens).toHaveLength(1)
  expect(tokensUsed()).toEqual(['Bearer one'])
})

test('a call that has been given up keeps no process alive', async () => {
  api.answerTokens(() => 'never')
  const options = JSON.stringify({ url: api.url(), clientId, clientSecret, timeoutMs: 600_000 })
  const program = `
    const { createClient } = await import(${JSON.stringify(new URL('index.js', import.meta.url))})
    const leave = new AbortController()
    process.once('SIGUSR2', () => leave.abort())
    await createClient(${options}).status('order-17', { signal: leave.signal }).catch(() => undefined)`
  // The renewal would go on for ten minutes.
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { timeout: 60_000 })
  await untilTrue(() => api.tokens.length === 1)
  child.kill('SIGUSR2')
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
})
