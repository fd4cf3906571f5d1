import { expect, test } from '@jest/globals'

import { whyNotEndpoint } from './endpoint-url.ts'

const hosts = ['api.line.me', '127.0.0.1:8082', 'test.example:443', '[::1]:9000']

test.each([
  'https://api.line.me',
  'https://api.line.me/v2/bot/message',
  'https://API.LINE.me:443/',
  'http://127.0.0.1:8082/line',
  'https://127.0.0.1:8082',
  'https://test.example/v1',
  'http://[::1]:9000',
])('credentials may go to %s', (endpoint) => {
  expect(whyNotEndpoint(endpoint, hosts)).toBeUndefined()
})

const notListed =
  'it must be an https URL at api.line.me or 127.0.0.1:8082 or test.example:443 or [::1]:9000 (those with a port may be plain http)'
const notBare = 'it must be without user, password, query and fragment'
const notUrl = 'it must be an https URL'

test.each([
  ['http://api.line.me', notListed],
  ['https://api.line.me:8443', notListed],
  ['https://api.line.me.', notListed],
  ['https://api.line.me.evil.example', notListed],
  ['https://evil.example/api.line.me', notListed],
  ['https://evil.example\\.api.line.me', notListed],
  ['https://127.0.0.1', notListed],
  ['http://127.0.0.1:8083', notListed],
  ['http://2130706433:8083', notListed],
  ['http://test.example', notListed],
  ['https://[::1]', notListed],
  ['https://api.line.me@evil.example', notBare],
  ['https://user@api.line.me', notBare],
  ['https://:password@api.line.me', notBare],
  ['https://api.line.me/?access_token=secret', notBare],
  ['https://api.line.me/#here', notBare],
  ['ftp://api.line.me', notUrl],
  ['//api.line.me', notUrl],
  ['api.line.me', notUrl],
  ['https://api.line.me/a b', notUrl],
  [' https://api.line.me', notUrl],
  ['https://evil.example\n.api.line.me', notUrl],
])('credentials may not go to %s', (endpoint, why) => {
  expect(whyNotEndpoint(endpoint, hosts)).toBe(why)
})

test('where no host has a port, plain http is not spoken of', () => {
  expect(whyNotEndpoint('http://a.example', ['a.example'])).toBe('it must be an https URL at a.example')
})
