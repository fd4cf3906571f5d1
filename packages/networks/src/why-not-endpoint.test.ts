import { expect, test } from '@jest/globals'

import { whyNotEndpoint } from './endpoint-guard.ts'

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
const notAnonymous = 'it must be without user and password'
const notBare = 'it must be without query and fragment'
const notPlain = 'it must be an https URL'

test.each([
  ['http://api.line.me', notListed],
  ['https://api.line.me:8443', notListed],
  ['https://api.line.me.', notListed],
  ['https://api.line.me.evil.example', notListed],
  ['https://evil-api.line.me', notListed],
  ['https://evil.example/api.line.me', notListed],
  ['https://127.0.0.1', notListed],
  ['http://127.0.0.1:8083', notListed],
  ['http://0.0.0.0:8082', notListed],
  ['http://localhost:8082', notListed],
  ['http://169.254.169.254/latest/meta-data', notListed],
  ['http://[::]:9000', notListed],
  ['http://[::ffff:7f00:1]:8082', notListed],
  ['http://test.example', notListed],
  ['https://[::1]', notListed],
  ['https://xn--pi-7kc.line.me', notListed],
  ['https://api.line.me@evil.example', notAnonymous],
  ['https://user@api.line.me', notAnonymous],
  ['https://:password@api.line.me', notAnonymous],
  ['https://api.line.me/?access_token=secret', notBare],
  ['https://api.line.me/?', notBare],
  ['https://api.line.me/#here', notBare],
  ['http://2130706433:8082', notPlain],
  ['http://0177.0.0.1:8082', notPlain],
  ['http://0x7f000001:8082', notPlain],
  ['http://127.1:8082', notPlain],
  ['http://[::ffff:127.0.0.1]:8082', notPlain],
  ['http://[0:0:0:0:0:0:0:1]:9000', notPlain],
  ['https://ａｐｉ.line.me', notPlain],
  ['https://api。line.me', notPlain],
  ['https://api%2eline.me', notPlain],
  ['https://evil.example\\.api.line.me', notPlain],
  ['https://evil.example\\@api.line.me', notPlain],
  ['https:\\\\api.line.me', notPlain],
  ['https:/api.line.me', notPlain],
  ['ftp://api.line.me', notPlain],
  ['//api.line.me', notPlain],
  ['api.line.me', notPlain],
  ['https://api.line.me/a b', notPlain],
  [' https://api.line.me', notPlain],
  ['https://evil.example\n.api.line.me', notPlain],
])('credentials may not go to %s', (endpoint, why) => {
  expect(whyNotEndpoint(endpoint, hosts)).toBe(why)
})

test('where no host has a port, plain http is not spoken of', () => {
  expect(whyNotEndpoint('http://a.example', ['a.example'])).toBe('it must be an https URL at a.example')
})
