import { expect, test } from '@jest/globals'
import { BadEnvironment, readEnvironment } from '@ott/runtime'

import { Environment } from './environment.ts'

const key = Buffer.alloc(32, 'k').toString('base64')
const keys = { TOKEN_KEY: key, CREDENTIALS_KEY: key }

test('without a setting but its keys, everything has its default', () => {
  expect(readEnvironment(Environment, keys)).toMatchObject({
    PORT: 8080,
    HEALTH_PORT: 9100,
    HOST: '127.0.0.1',
    BODY_LIMIT: 262_144,
    ENDPOINT_HOSTS: ['api.line.me', 'graph.facebook.com'],
    DOCUMENTATION_URL: '',
    REQUESTS_PER_SECOND: 1000,
    TRUST_PROXY: 0,
  })
})

test('endpoint hosts are a list with commas, some with a port', () => {
  const { ENDPOINT_HOSTS } = readEnvironment(Environment, {
    ...keys,
    ENDPOINT_HOSTS: 'api.line.me, sandbox:8082,[::1]:9000',
  })
  expect(ENDPOINT_HOSTS).toEqual(['api.line.me', 'sandbox:8082', '[::1]:9000'])
})

test.each(['https://api.line.me', 'api.line.me/v2', 'user@host', 'a,,b', 'host:port', '*'])(
  'the ingress does not start with the endpoint hosts %s',
  (ENDPOINT_HOSTS) => {
    expect(() => readEnvironment(Environment, { ...keys, ENDPOINT_HOSTS })).toThrow(BadEnvironment)
    expect(() => readEnvironment(Environment, { ...keys, ENDPOINT_HOSTS })).toThrow('must be hosts such as api.line.me')
  },
)

test('every fault of the environment is told at once', () => {
  const environment = { ...keys, PORT: '70000', HEALTH_PORT: 'x', BODY_LIMIT: '0' }
  expect(() => readEnvironment(Environment, environment)).toThrow(
    /PORT: must be at most 65535[^]*HEALTH_PORT: must be a whole number[^]*BODY_LIMIT: must be at least 1/,
  )
})

test('without its keys the ingress does not start, and says how to make them', () => {
  expect(() => readEnvironment(Environment, {})).toThrow(
    /CREDENTIALS_KEY: must be 32 bytes[^\n]* makes one\n[^]*TOKEN_KEY: must be 32 bytes[^\n]* makes one\n/,
  )
  const short = { ...keys, TOKEN_KEY: `${key},c2hvcnQ=` }
  expect(() => readEnvironment(Environment, short)).toThrow('TOKEN_KEY: must be 32 bytes in base64')
})

test.each([
  ['https://ott.example.com', 'https://ott.example.com/'],
  ['https://example.com/ott/', 'https://example.com/ott/'],
])('the public URL %s is told as %s', (PUBLIC_URL, told) => {
  expect(readEnvironment(Environment, { ...keys, PUBLIC_URL })).toMatchObject({ PUBLIC_URL: told })
})

test.each([
  ['2', 2],
  ['loopback', ['loopback']],
  ['10.0.0.0/8, 192.0.2.1,fd00::/8', ['10.0.0.0/8', '192.0.2.1', 'fd00::/8']],
])('the proxies %s are trusted', (TRUST_PROXY, trusted) => {
  expect(readEnvironment(Environment, { ...keys, TRUST_PROXY })).toMatchObject({ TRUST_PROXY: trusted })
})

test.each(['true', '*', '-1', '10.0.0.0/33', '10.0.0.0/0', '10.0.0', 'proxy.example.com', '::1/129', '1,'])(
  'the ingress does not start with %s as the proxies that it trusts',
  (TRUST_PROXY) => {
    expect(() => readEnvironment(Environment, { ...keys, TRUST_PROXY })).toThrow(
      'TRUST_PROXY: must be how many proxies',
    )
  },
)
