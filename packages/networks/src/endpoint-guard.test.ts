import { expect, test } from '@jest/globals'

import {
  CallbackEnvironment,
  createEndpointGuard,
  EndpointEnvironment,
  readEndpointUrl,
  whyNotCallbackUrl,
} from './endpoint-guard.ts'

const hosts = ['api.line.me', 'Graph.Facebook.com', 'sandbox:8082', '127.0.0.1:8082', '[::1]:9000', 'test.example:443']

/** Whether a sender may have the endpoint, where the URL is as somebody wrote it. */
function mayBeEndpoint(given: string, listed = hosts): boolean {
  const url = readEndpointUrl(given)
  return url !== undefined && createEndpointGuard(listed).whyNot(url) === undefined
}

test.each([
  'https://api.line.me',
  'https://api.line.me/v2/bot/message',
  'https://API.LINE.me:443/',
  'HTTPS://graph.facebook.com/v26.0/me/messages',
  'http://sandbox:8082/line',
  'https://sandbox:8082',
  'http://127.0.0.1:8082/line',
  'http://[::1]:9000',
  'https://test.example/v1',
  'http://test.example:443',
])('%s may be called', (url) => {
  expect(mayBeEndpoint(url)).toBe(true)
})

test.each([
  ['another host', 'https://evil.example'],
  ['plain http where no port is listed', 'http://api.line.me'],
  ['plain http on the port of https', 'http://api.line.me:443'],
  ['another port', 'https://api.line.me:8443'],
  ['another port of a host listed with one', 'http://sandbox:8083'],
  ['no port at a host listed with one', 'https://sandbox'],
  ['a trailing dot', 'https://api.line.me.'],
  ['two trailing dots', 'https://api.line.me../'],
  ['a listed host as a subdomain', 'https://api.line.me.evil.example'],
  ['a listed host as a suffix', 'https://evil-api.line.me'],
  ['a subdomain of a listed host', 'https://x.api.line.me'],
  ['a listed host in the path', 'https://evil.example/api.line.me'],
  ['a listed host in the query', 'https://evil.example?api.line.me'],
  ['a listed host in the fragment', 'https://evil.example#.api.line.me'],
  ['a listed host as the user', 'https://api.line.me@evil.example'],
  ['a listed host as user and password', 'https://api.line.me:443@evil.example'],
  ['a user', 'https://user@api.line.me'],
  ['a password', 'https://:password@api.line.me'],
  ['an escaped @', 'https://api.line.me%40evil.example'],
  ['two @', 'https://api.line.me@evil.example@api.line.me'],
  ['a backslash before the user', 'https://evil.example\\@api.line.me'],
  ['a backslash for a slash', 'https://evil.example\\.api.line.me'],
  ['backslashes after the scheme', 'https:\\\\api.line.me'],
  ['a backslash in the path', 'https://api.line.me/v2\\..\\x'],
  ['one slash', 'https:/api.line.me'],
  ['three slashes', 'https:///api.line.me'],
  ['no scheme', '//api.line.me'],
  ['another scheme', 'ftp://api.line.me'],
  ['a scheme of the same start', 'httpsx://api.line.me'],
  ['a line break in the host', 'https://evil.example\n.api.line.me'],
  ['a tab in the host', 'https://api.li\tne.me'],
  ['a null byte', 'https://api.line.me\0.evil.example'],
  ['a space before', ' https://api.line.me'],
  ['an escaped host', 'https://api%2eline.me'],
  ['a fullwidth host', 'https://ａｐｉ.line.me'],
  ['an ideographic full stop', 'https://api。line.me'],
  ['a soft hyphen', 'https://api.li\u00adne.me'],
  ['a Cyrillic look-alike', 'https://\u0430pi.line.me'],
  ['a look-alike in Punycode', 'https://xn--pi-7kc.line.me'],
  ['loopback', 'https://127.0.0.1'],
  ['loopback on another port', 'http://127.0.0.1:8083'],
  ['a decimal address', 'http://2130706433:8082'],
  ['an octal address', 'http://0177.0.0.1:8082'],
  ['a hexadecimal address', 'http://0x7f.0.0.1:8082'],
  ['one hexadecimal number', 'http://0x7f000001:8082'],
  ['a short address', 'http://127.1:8082'],
  ['an address with a trailing dot', 'http://127.0.0.1.:8082'],
  ['an IPv4 address mapped to IPv6', 'http://[::ffff:127.0.0.1]:8082'],
  ['the same in hexadecimal', 'http://[::ffff:7f00:1]:8082'],
  ['an IPv6 address written at length', 'http://[0:0:0:0:0:0:0:1]:9000'],
  ['an IPv6 address with a zone', 'http://[fe80::1%25eth0]:9000'],
  ['the unspecified IPv6 address', 'http://[::]:9000'],
  ['the unspecified address', 'http://0.0.0.0:8082'],
  ['localhost', 'http://localhost:8082'],
  ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data'],
  ['nothing', ''],
  ['a scheme alone', 'https://'],
])('%s may not be called', (_what, url) => {
  expect(mayBeEndpoint(url)).toBe(false)
})

test.each(['10.0.0.5', '169.254.169.254', '[fd00:ec2::254]', '[::ffff:8.8.8.8]'])(
  'the private address %s is called only if it is listed with its port',
  (address) => {
    const origin = new URL(`https://${address}`).origin
    expect(mayBeEndpoint(origin, [address])).toBe(false)
    expect(mayBeEndpoint(`${origin}:8443`, [`${address}:8443`])).toBe(true)
    const environment = EndpointEnvironment.safeParse({ ENDPOINT_HOSTS: address })
    expect(environment.error?.issues).toMatchObject([{ message: expect.stringContaining('or have a port') }])
  },
)

test('a public address may be listed as it is', () => {
  expect(mayBeEndpoint('https://8.8.8.8/line', ['8.8.8.8'])).toBe(true)
  expect(EndpointEnvironment.parse({ ENDPOINT_HOSTS: '8.8.8.8' })).toEqual({ ENDPOINT_HOSTS: ['8.8.8.8'] })
})

function whyNot(url: string, listed: string[]): string | undefined {
  return createEndpointGuard(listed).whyNot(new URL(url))
}

test('why not is told for people, plain http only where there is some', () => {
  expect(whyNot('http://a.example', ['a.example'])).toBe('it must be an https URL at a.example')
  expect(whyNot('http://b.example', ['a.example', 'c:1'])).toBe(
    'it must be an https URL at a.example or c:1 (those with a port may be plain http)',
  )
  expect(whyNot('https://user@a.example', ['a.example'])).toBe('it must be without user and password')
})

test.each(['https://api.line.me', 'api.line.me/v2', 'user@host', 'a,,b', 'host:port', 'host:70000', '256.0.0.1', '*'])(
  'the hosts %s are a bad environment',
  (ENDPOINT_HOSTS) => {
    expect(EndpointEnvironment.safeParse({ ENDPOINT_HOSTS }).error?.issues[0]?.message).toContain(
      'must be hosts such as',
    )
  },
)

test.each([
  'https://shop.example/hook?token=1',
  'https://shop.example:8443/hook',
  'https://8.8.8.8/',
  'http://127.0.0.1:8082/hook',
])('a callback may go to %s', (url) => {
  expect(whyNotCallbackUrl(url, ['127.0.0.1:8082'])).toBeUndefined()
})

test.each([
  ['plain http', 'http://shop.example/'],
  ['another scheme', 'ftp://shop.example/'],
  ['no URL', 'shop.example'],
  ['a private address', 'https://10.1.2.3/'],
  ['loopback on another port', 'https://127.0.0.1:8083/'],
  ['a number for an address', 'https://2130706433/'],
  ['the address where clouds keep their secrets', 'https://169.254.169.254/latest/meta-data'],
  ['IPv6 loopback', 'https://[::1]/'],
  ['an IPv6 address that maps a private one', 'https://[::ffff:7f00:1]/'],
  ['a user', 'https://user@shop.example/'],
  ['a fragment', 'https://shop.example/#here'],
  ['a backslash for a slash', 'https://shop.example\\@10.0.0.1/'],
])('a callback may not go to %s', (_what, url) => {
  expect(whyNotCallbackUrl(url, ['127.0.0.1:8082'])).toBeDefined()
})

const hostsIn = (CALLBACK_HOSTS: string) => CallbackEnvironment.safeParse({ CALLBACK_HOSTS }).data?.CALLBACK_HOSTS

test('a host that callbacks may go to beside public https is listed with its port', () => {
  expect(hostsIn('127.0.0.1:8090, hooks.internal:80')).toEqual(['127.0.0.1:8090', 'hooks.internal:80'])
  expect(hostsIn('')).toEqual([])
  expect(CallbackEnvironment.parse({})).toEqual({ CALLBACK_HOSTS: [] })
  expect(hostsIn('hooks.internal')).toBeUndefined()
})
