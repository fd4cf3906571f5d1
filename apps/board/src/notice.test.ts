import { beforeAll, expect, test } from '@jest/globals'
import type { Program } from '@ott/local'
import { startTcpProxy, type TcpProxy, useRedis } from '@ott/local/testing'

import { openBoard, visit } from './visitor.ts'

const server = useRedis()

let proxy: TcpProxy
let board: Program

beforeAll(async () => {
  proxy = await startTcpProxy(server.url)
  server.onStop(() => proxy.close())
  board = await openBoard(server, { REDIS_URL: proxy.url })
})

const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

test.each(['/nowhere', '/operations/nowhere', '/operations/..%2fsrc%2fmain.ts', '/api/nowhere'])(
  'where there is nothing, a browser is told so on a page, and a program in JSON: %s',
  async (path) => {
    const message = 'There is nothing at this address of the board.'
    const toProgram = await visit(board, path)
    expect([toProgram.status, await toProgram.json()]).toEqual([404, { message }])
    const toBrowser = await visit(board, path, { headers: { accept } })
    expect([toBrowser.status, toBrowser.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    const page = await toBrowser.text()
    expect(page).toContain(message)
    expect(page).toContain('<a href="/operations">')
  },
)

test('what cannot be read is told as the request’s own fault', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await visit(board, '/login', { method: 'POST', headers, body: 'x'.repeat(10_000) })
  expect([response.status, await response.json()]).toEqual([413, { message: 'The request cannot be read.' }])
})

test('that Redis is away is told in words, to browsers and to programs, and is no fault of the board’s', async () => {
  proxy.silence()
  const toProgram = await visit(board, '/operations/figures')
  expect([toProgram.status, await toProgram.json()]).toEqual([
    503,
    { message: expect.stringMatching(/^Redis does not answer.*REDIS_URL/) },
  ])
  const toBrowser = await visit(board, '/operations', { headers: { accept } })
  expect(toBrowser.status).toBe(503)
  expect(await toBrowser.text()).toContain('Redis does not answer')
  expect(board.lines.join('\n')).not.toContain('board.faulted')
})
