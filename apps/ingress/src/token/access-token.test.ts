import { afterEach, expect, jest, test } from '@jest/globals'
import { Scope } from '@ott/registry'
import { SignJWT, UnsecuredJWT } from 'jose'

import { accessTokens, aClient, problemsOf, tokenKey, useIngress } from '../use-ingress.ts'
import { createAccessTokens } from './access-token.ts'

const ingress = useIngress()

afterEach(() => void jest.useRealTimers())

const otherKey = Buffer.alloc(32, 'o')
const claims = { account: aClient().account, scope: Scope.options.join(' ') }
const ours = await accessTokens.issue(aClient(), Scope.options)
const [header = '', payload = '', signature = ''] = ours.split('.')
const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())

/** A token as ours are, but for what `change` does to it. */
function sign(change: (token: SignJWT) => SignJWT, head = {}, key: Uint8Array = tokenKey): Promise<string> {
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid, ...head })
  token.setIssuer('ott-dispatcher').setSubject(aClient().id).setIssuedAt().setExpirationTime('20 min')
  return change(token).sign(key)
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const asIs = (token: SignJWT): SignJWT => token
const forgeries: [string, () => Promise<string> | string][] = [
  ['of no algorithm', () => new UnsecuredJWT(claims).setSubject(aClient().id).setIssuer('ott-dispatcher').encode()],
  ['of no algorithm, with our header', () => `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.`],
  ['with no signature', () => `${header}.${payload}.`],
  ['with another signature', () => `${header}.${payload}.${Buffer.alloc(32).toString('base64url')}`],
  ['of another algorithm', () => sign(asIs, { alg: 'HS512' }, Buffer.alloc(64, 'k'))],
  ['of another key', () => sign(asIs, {}, otherKey)],
  ['of an unknown key id', () => sign(asIs, { kid: 'mine' })],
  ['of no key id', () => sign(asIs, { kid: undefined })],
  ['with a key of its own', () => sign(asIs, { kid: undefined, jwk: { kty: 'oct', k: 'b29v' } }, otherKey)],
  ['of another kind', () => sign(asIs, { typ: 'JWT' })],
  ['of another issuer', () => sign((token) => token.setIssuer('elsewhere'))],
  ['that has expired', () => sign((token) => token.setExpirationTime('-1 s'))],
  [
    'that never expires',
    () =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
        .setIssuer('ott-dispatcher')
        .setSubject(aClient().id)
        .sign(tokenKey),
  ],
  ['that is not valid yet', () => sign((token) => token.setNotBefore('1 min'))],
  ['of another account', () => accessTokens.issue(aClient({ account: 'other' }), Scope.options)],
  ['of another client', () => accessTokens.issue(aClient({ id: 'other' }), Scope.options)],
  [
    'whose account was changed',
    () =>
      `${header}.${encode({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), account: 'other' })}.${signature}`,
  ],
]

test.each(forgeries)('a token %s is refused', async (_what, forge) => {
  const headers = { authorization: `Bearer ${await forge()}` }
  const answer = await ingress.request('GET', '/ott/v1/registration/line', { headers })
  expect(answer.status).toBe(401)
  expect(problemsOf(answer)).toEqual(['0 The access token is invalid or has expired'])
})

test('what the forgeries are made from is a token that is taken', async () => {
  const headers = { authorization: `Bearer ${await sign(asIs)}` }
  expect((await ingress.request('GET', '/ott/v1/registration/line', { headers })).status).toBe(200)
})

test('a token says who holds it and what for, for twenty minutes, and is never the same twice', async () => {
  const { iss, sub, account, scope, exp, iat, jti } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  expect({ iss, sub, account, scope }).toEqual({ iss: 'ott-dispatcher', sub: aClient().id, ...claims })
  expect(exp - iat).toBe(1200)
  expect(jti).toMatch(/^[\da-f-]{36}$/)
  expect(await accessTokens.issue(aClient(), Scope.options)).not.toBe(ours)
})

test('a token that was taken before is refused as soon as it expires', async () => {
  const tokens = createAccessTokens([tokenKey])
  const token = await tokens.issue(aClient(), ['ott_channels_read'])
  jest.useFakeTimers({ now: Date.now() + 1198_000, doNotFake: ['nextTick', 'performance'] })
  expect(await tokens.read(token)).toEqual({
    client: aClient().id,
    account: aClient().account,
    scopes: new Set(['ott_channels_read']),
    issuedAt: expect.any(Number),
  })
  jest.setSystemTime(Date.now() + 3000)
  expect(await tokens.read(token)).toBeUndefined()
})

test('tokens outlive the rotation of their key while it is still listed, and no longer', async () => {
  const before = createAccessTokens([tokenKey])
  const during = createAccessTokens([otherKey, tokenKey])
  const after = createAccessTokens([otherKey])
  const [old, fresh] = [await before.issue(aClient(), []), await during.issue(aClient(), [])]
  expect(await during.read(old)).toBeDefined()
  expect(await during.read(fresh)).toBeDefined()
  expect(await after.read(fresh)).toBeDefined()
  expect(await after.read(old)).toBeUndefined()
  expect(await before.read(fresh)).toBeUndefined()
})

test('the id of a key does not tell the key', () => {
  expect(kid).toMatch(/^[\da-f]{8}$/)
  expect(tokenKey.toString('hex')).not.toContain(kid)
})
