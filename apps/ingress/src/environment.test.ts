import { expect, test } from '@jest/globals'
import { BadEnvironment, readEnvironment } from '@ott/runtime'

import { Environment } from './environment.ts'

test('without a setting, everything has its default', () => {
  expect(readEnvironment(Environment, {})).toMatchObject({
    PORT: 8080,
    HEALTH_PORT: 9100,
    HOST: '127.0.0.1',
    BODY_LIMIT: 262_144,
    ENDPOINT_HOSTS: ['api.line.me', 'graph.facebook.com'],
    DOCUMENTATION_URL: '',
  })
})

test('endpoint hosts are a list with commas, some with a port', () => {
  const { ENDPOINT_HOSTS } = readEnvironment(Environment, { ENDPOINT_HOSTS: 'api.line.me, sandbox:8082,[::1]:9000' })
  expect(ENDPOINT_HOSTS).toEqual(['api.line.me', 'sandbox:8082', '[::1]:9000'])
})

test.each(['https://api.line.me', 'api.line.me/v2', 'user@host', 'a,,b', 'host:port', '*'])(
  'the ingress does not start with the endpoint hosts %s',
  (ENDPOINT_HOSTS) => {
    expect(() => readEnvironment(Environment, { ENDPOINT_HOSTS })).toThrow(BadEnvironment)
    expect(() => readEnvironment(Environment, { ENDPOINT_HOSTS })).toThrow('must be hosts such as api.line.me')
  },
)

test('every fault of the environment is told at once', () => {
  const environment = { PORT: '70000', HEALTH_PORT: 'x', BODY_LIMIT: '0' }
  expect(() => readEnvironment(Environment, environment)).toThrow(
    /PORT: must be at most 65535[^]*HEALTH_PORT: must be a whole number[^]*BODY_LIMIT: must be at least 1/,
  )
})
