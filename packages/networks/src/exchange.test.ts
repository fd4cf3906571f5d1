import type { LookupFunction } from 'node:net'

import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Call, EndpointNotAllowed, NoAnswer } from '@ott/delivery'

import { type Http, type HttpOptions, openHttp } from './exchange.ts'
import { type ScriptedNetwork, startScriptedNetwork } from './scripted-network.ts'

let network: ScriptedNetwork
const opened: Http[] = []

beforeEach(async () => {
  network = await startScriptedNetwork()
  network.script('/send', { status: 200, body: { ok: true } })
})

afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()))
  await network.close()
})

/** Makes one call where these hosts may be called. */
function call(url: string, endpointHosts: readonly string[], options: Partial<HttpOptions> = {}) {
  const http = openHttp({ timeoutMs: 1000, firstRepeatMs: 1, endpointHosts, ...options })
  opened.push(http)
  return http.exchange(aCall(url))
}

function aCall(url: string): Call {
  const signal = AbortSignal.timeout(5000)
  return { method: 'POST', url, headers: {}, body: '{}', signal, repeatable: true, passing: () => false }
}

/** A resolver that gives these addresses one after the other, the last one for ever. */
function resolver(...addresses: string[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const address = (addresses.length > 1 ? addresses.shift() : addresses[0]) ?? ''
    if (all === true) callback(null, [{ address, family: 4 }])
    else callback(null, address, 4)
  }
}

const port = () => new URL(network.url).port

test.each([
  ['not listed', () => `${network.url}/send`, ['api.line.me']],
  ['listed on another port', () => `${network.url}/send`, ['127.0.0.1:1']],
  ['listed without its port', () => `${network.url}/send`, ['127.0.0.1']],
  ['listed as another name', () => `http://localhost:${port()}/send`, ['127.0.0.1']],
  ['a user before it', () => `http://user@127.0.0.1:${port()}/send`, []],
  ['the unspecified address', () => `http://0.0.0.0:${port()}/send`, []],
  ['mapped to IPv6', () => `http://[::ffff:127.0.0.1]:${port()}/send`, []],
])('an endpoint that is no longer allowed is not connected to: %s', async (_why, url, hosts) => {
  const listed = hosts.length > 0 ? hosts : [`127.0.0.1:${port()}`]
  await expect(call(url(), listed)).rejects.toBeInstanceOf(EndpointNotAllowed)
  expect(network.received).toHaveLength(0)
})

test('the error names the host, and nothing of path, query or user', async () => {
  const failure = call('https://hush:hush@evil.example/hush?appsecret_proof=hush', ['api.line.me'])
  await expect(failure).rejects.toThrow("the sender's endpoint is at evil.example, which may not be called: ")
  await expect(failure).rejects.not.toThrow('hush')
})

test.each(['127.0.0.1', '10.1.2.3', '169.254.169.254'])(
  'a listed host whose name says %s is not connected to: the call has no answer, and may be made again later',
  async (address) => {
    const failure = call('https://api.line.me/send', ['api.line.me'], { lookup: resolver(address) })
    await expect(failure).rejects.toBeInstanceOf(NoAnswer)
    await expect(failure).rejects.toMatchObject({ reached: false, message: expect.stringContaining('ENOTPUBLIC') })
  },
)

test('a host that is listed with its port may be at a private address', async () => {
  const url = `http://sandbox.example:${port()}/send`
  const answer = await call(url, [`sandbox.example:${port()}`], { lookup: resolver('127.0.0.1') })
  expect(answer).toMatchObject({ status: 200, body: { ok: true } })
})

test('the port vouches for itself only: the same host is held to public addresses on any other', async () => {
  const hosts = ['sandbox.example', `sandbox.example:${port()}`]
  const lookup = resolver('127.0.0.1')
  expect(await call(`http://sandbox.example:${port()}/send`, hosts, { lookup })).toMatchObject({ status: 200 })
  await expect(call('https://sandbox.example/send', hosts, { lookup })).rejects.toThrow('ENOTPUBLIC')
})

test.each([301, 302, 303, 307, 308])('a redirect is an answer like any other: %i', async (status) => {
  network.script('/send', { status, headers: { location: `${network.url}/elsewhere` } })
  expect(await call(`${network.url}/send`, [`127.0.0.1:${port()}`])).toMatchObject({ status })
  expect(network.received.map(({ path }) => path)).toEqual(['/send'])
})

test('what is put around calls has each of them, the repeats of one among them', async () => {
  network.script('/send', { status: 500 }, 'hang up', { status: 200 })
  const came: unknown[] = []
  const around: HttpOptions['around'] = (exchange) => (made) => {
    const answered = exchange(made)
    answered.then(
      ({ status }) => came.push(status),
      ({ name }) => came.push(name),
    )
    return answered
  }
  const http = openHttp({ timeoutMs: 1000, firstRepeatMs: 1, endpointHosts: [`127.0.0.1:${port()}`], around })
  opened.push(http)
  await http.exchange({ ...aCall(`${network.url}/send`), passing: ({ status }) => status >= 500 })
  expect(came).toEqual([500, 'NoAnswer', 200])
})
