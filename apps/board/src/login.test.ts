import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Program } from '@ott/local'
import { useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis } from '@ott/runtime'

import { cookieOf, erin, logIn, startBoard } from './visitor.ts'

const server = useRedis()

let redis: Redis
let board: Program

beforeAll(async () => {
  redis = await openRedis(server.url, 'waiting', createLogger('test', 'silent'))
  server.onStop(() => closeRedis(redis))
  board = await startBoard(server, { TRUST_PROXY: '1' })
})

beforeEach(() => redis.flushall())

const asBrowser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
const get = (path: string, headers: Record<string, string> = {}, { url } = board) =>
  fetch(url + path, { redirect: 'manual', headers })
const post = (path: string, headers: Record<string, string> = {}) =>
  fetch(board.url + path, { method: 'POST', redirect: 'manual', headers })

const places = [
  '/',
  '/operations',
  '/operations/figures',
  '/operations/page.js',
  '/queue/line',
  '/api/queues',
  '/api/queues/line/1',
  '/static/js/main.js',
  '/logout',
  '/nowhere',
  '//login',
]

test.each(places)('who has not logged in is shown nothing at %s', async (path) => {
  const toProgram = await get(path)
  expect(toProgram.status).toBe(401)
  expect(await toProgram.json()).toEqual({ message: 'Log in first.' })
  const toBrowser = await get(path, asBrowser)
  expect([toBrowser.status, toBrowser.headers.get('location')]).toEqual([303, '/login'])
})

test('health needs no login, and the form is there for all', async () => {
  expect((await get('/health/ready')).status).toBe(200)
  const form = await get('/login', asBrowser)
  expect(form.status).toBe(200)
  expect(await form.text()).toContain('<form method="post" action="/login">')
})

test('who logs in sees the board, in a session that no script reads and no other site uses', async () => {
  const response = await logIn(board)
  expect([response.status, response.headers.get('location')]).toEqual([303, '/operations'])
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^ott-board=[\w.-]+; Max-Age=28800; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/),
  ])
  const cookie = cookieOf(response)
  for (const path of ['/', '/operations']) expect((await get(path, { cookie, ...asBrowser })).status).toBe(200)
  for (const path of ['/api/queues', '/operations/figures']) expect((await get(path, { cookie })).status).toBe(200)
})

test('behind https the session goes over https only, and is this host’s alone', async () => {
  const response = await logIn(board, erin, { 'x-forwarded-proto': 'https' })
  expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-ott-board=.*; Secure; SameSite=Strict$/)
  const cookie = cookieOf(response)
  expect((await get('/api/queues', { cookie, 'x-forwarded-proto': 'https' })).status).toBe(200)
  expect((await get('/api/queues', { cookie })).status).toBe(401)
})

test.each([
  ['a wrong password', { name: erin.name, password: 'correct horse battery' }],
  ['no password', { name: erin.name, password: '' }],
  ['an unknown name', { name: 'mallory', password: erin.password }],
  ['a name that every object has', { name: 'constructor', password: erin.password }],
  ['a name with markup', { name: '<script>alert(1)</script>', password: 'x' }],
  ['a password of a megabyte', { name: erin.name, password: 'x'.repeat(1024 * 1024) }],
])('%s does not log in, and comes back in no answer', async (_what, given) => {
  const response = await logIn(board, given)
  expect([401, 413]).toContain(response.status)
  expect(cookieOf(response)).toBe('')
  const text = await response.text()
  expect(text).not.toContain(erin.password)
  expect(text).not.toContain(given.name)
})

test('guessing from one address is held back, even with the right password in the end', async () => {
  const wrong = { name: erin.name, password: 'a wrong guess' }
  const statuses = []
  for (let guess = 0; guess < 11; guess++) statuses.push((await logIn(board, wrong)).status)
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429])
  const held = await logIn(board)
  expect(held.status).toBe(429)
  expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(800)
  expect((await logIn(board, erin, { 'x-forwarded-for': '198.51.100.7' })).status).toBe(303)
})

test.each([
  ['a changed signature', (token: string) => token.replace(/.{4}$/, 'AAAA')],
  ['another user', (token: string) => token.replace(/^[^.]+/, header({ alg: 'HS256', kid: 'root' }))],
  [
    'no algorithm',
    (token: string) => token.replace(/^[^.]+/, header({ alg: 'none', kid: 'erin' })).replace(/[^.]+$/, ''),
  ],
  [
    'a later end',
    (token: string) => token.replace(/\.[^.]+\./, `.${header({ aud: 'ott-board', exp: 4e9, jti: 'x' })}.`),
  ],
  ['no token', () => 'x'],
  ['nothing', () => ''],
])('a session with %s is none', async (_what, forge) => {
  const [name, token = ''] = cookieOf(await logIn(board)).split('=')
  const cookie = `${name}=${forge(token)}`
  expect((await get('/api/queues', { cookie })).status).toBe(401)
  expect((await get('/api/queues', { cookie: `${name}=${token}` })).status).toBe(200)
})

/** A part of a token that somebody wrote. */
function header(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url')
}

test('who logs out is out, on every board and with a copy of the cookie too', async () => {
  const cookie = cookieOf(await logIn(board))
  const page = await get('/logout', { cookie, ...asBrowser })
  expect(await page.text()).toContain('<form method="post" action="/logout">')
  expect((await get('/api/queues', { cookie })).status).toBe(200)
  const response = await post('/logout', { cookie, origin: board.url })
  expect([response.status, response.headers.get('location')]).toEqual([303, '/login'])
  expect(response.headers.getSetCookie()[0]).toMatch(/^ott-board=; Path=\/; Expires=Thu, 01 Jan 1970/)
  expect((await get('/api/queues', { cookie })).status).toBe(401)
})

test.each([
  ['another origin', { origin: 'https://evil.example' }],
  ['no origin', {}],
  ['an origin of nothing', { origin: 'null' }],
  ['another port', { origin: 'http://127.0.0.1:1' }],
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a sister site', { 'sec-fetch-site': 'same-site' }],
])('a page of %s can neither log in nor out, nor change anything', async (_what, headers: Record<string, string>) => {
  const cookie = cookieOf(await logIn(board))
  const form = 'application/x-www-form-urlencoded'
  const body = new URLSearchParams(erin).toString()
  const login = { method: 'POST', headers: { 'content-type': form, ...headers }, body }
  expect((await fetch(`${board.url}/login`, login)).status).toBe(403)
  expect((await post('/logout', { cookie, ...headers })).status).toBe(403)
  expect((await post('/api/queues/line/add', { cookie, ...headers })).status).toBe(403)
  expect((await get('/api/queues', { cookie })).status).toBe(200)
})

test('the form is of this origin alone, runs no script and is framed by no one', async () => {
  const { headers } = await get('/login', asBrowser)
  expect(headers.get('content-security-policy')).toMatch(
    /default-src 'self'.*form-action 'self';frame-ancestors 'none'/,
  )
  expect(headers.get('content-security-policy')).not.toMatch(/script-src|unsafe-eval|http/)
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-powered-by')).toBeNull()
})

test('neither passwords nor sessions are logged', async () => {
  const cookie = cookieOf(await logIn(board))
  await logIn(board, { name: 'a password typed a field too early', password: 'wrong' })
  const lines = board.lines.join('\n')
  expect(lines).toContain('login.attempted')
  for (const secret of [erin.password, cookie.split('=')[1], 'a field too early', 'scrypt'])
    expect(lines).not.toContain(secret)
})
