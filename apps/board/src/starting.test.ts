import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { freePort, startProgram } from '@ott/local'
import { untilTrue, useRedis } from '@ott/local/testing'
import { DeliveryQueues } from '@ott/queue'
import { retention } from '@ott/queue/testing'
import { closeRedis, createLogger, openRedis } from '@ott/runtime'
import { z } from 'zod'

import { readUsers, type UsersEnvironment } from './users.ts'
import { erin, logIn, openBoard, startBoard, visit } from './visitor.ts'

const server = useRedis()
const hash = 'scrypt$c2FsdA$aGFzaA'

const Queues = z.object({ queues: z.array(z.object({ displayName: z.string().optional() })) })

let folder: string

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'ott-board-'))))
afterAll(() => rm(folder, { recursive: true }))

/** Writes a file of users, and gives its path. */
async function usersFile(content: string): Promise<string> {
  const file = join(folder, `users-${Math.random()}`)
  await writeFile(file, content)
  return file
}

/** Has queues made of so many shards a network, as an ingress does. */
async function makeQueues(shards: number): Promise<void> {
  const redis = await openRedis(server.url, 'failing', createLogger('test', 'silent'))
  const queues = new DeliveryQueues(['line', 'messenger'], redis, retention, shards)
  await untilTrue(async () => (await redis.exists('ott:queues:line', 'ott:queues:messenger')) === 2)
  await untilTrue(async () => (await redis.zcard('ott:queues:line')) >= shards)
  await queues.close()
  await closeRedis(redis)
}

/** What is said of such users. */
async function refusalOf(users: UsersEnvironment): Promise<string> {
  return readUsers(users).then(
    () => 'nothing',
    (error: Error) => error.message,
  )
}

/** What a board says that does not start with this, as a process of its own: that takes a second. */
async function refusal(env: Record<string, string>): Promise<string> {
  const program = await startProgram({
    name: 'board',
    file: 'apps/board/dist/main.js',
    env: { REDIS_URL: server.url, ...env },
  })
  expect(await program.ended).toBe('exit code 1')
  return program.lines.join('\n')
}

/** Runs the program that makes hashes. */
async function hashPassword(password: string) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('hash-password.js', import.meta.url))])
  child.stdin.end(password)
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { output, errors, code: child.exitCode }
}

test('without a user the board does not start, and says how to add one', async () => {
  expect(await refusal({})).toMatch(/nobody may log in.*hash-password\.js.*BOARD_USERS='<name>:<hash>'/)
  expect(await refusalOf({ BOARD_USERS_FILE: await usersFile('\n') })).toContain('nobody may log in')
})

test.each([
  ['a password for a hash', `ok:${hash},erin:hunter2-hunter2`],
  ['no name', `ok:${hash},${hash}`],
  ['a name with a space', `ok:${hash},e rin:${hash}`],
])('a user with %s is told by its place, not by its text', async (_what, BOARD_USERS) => {
  const said = await refusalOf({ BOARD_USERS })
  expect(said).toContain('entry 2 of BOARD_USERS is not <name>:<hash>')
  expect(said).not.toContain('hunter2')
})

test('two users of one name, a file that is not there, and a key that is too short are told', async () => {
  expect(await refusalOf({ BOARD_USERS: `erin:${hash},erin:${hash}` })).toContain('have the same name')
  expect(await refusalOf({ BOARD_USERS_FILE: join(folder, 'nowhere') })).toContain('BOARD_USERS_FILE cannot be read')
  expect(await refusal({ BOARD_SESSION_KEY: 'c2hvcnQ=' })).toContain('BOARD_SESSION_KEY: must be 32 bytes in base64')
})

test('a password hashed from stdin logs its user in, written in a file of users', async () => {
  const password = 'Überraschung: 12 Äpfel'
  const { output, code } = await hashPassword(`${password}\n`)
  expect(code).toBe(0)
  expect(output).toMatch(/^scrypt\$[\w-]+\$[\w-]+\n$/)
  const board = await startBoard(server, { BOARD_USERS_FILE: await usersFile(`gina:${output}\r\n`) })
  expect((await logIn(board, { name: 'gina', password })).status).toBe(303)
  expect((await logIn(board)).status).toBe(303)
})

test('a password that is too short gets no hash', async () => {
  expect(await hashPassword('short\n')).toMatchObject({ code: 1, output: '', errors: expect.stringContaining('12') })
  expect(await hashPassword('')).toMatchObject({ code: 1, output: '' })
})

test('boards with one session key are one to who has logged in', async () => {
  const BOARD_SESSION_KEY = Buffer.alloc(32, 7).toString('base64')
  const [first, second] = [
    await openBoard(server, { BOARD_SESSION_KEY }),
    await startBoard(server, { BOARD_SESSION_KEY }),
  ]
  const cookie = (await logIn(first, erin)).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect((await visit(second, '/api/queues', { headers: { cookie } })).status).toBe(200)
})

test('where it is enabled, queues can be paused, but what a delivery says cannot be written', async () => {
  await makeQueues(1)
  const board = await openBoard(server, { BOARD_READ_ONLY: 'false' })
  const change = (method: string, path: string) =>
    visit(board, path, { method, headers: { 'content-type': 'application/json' }, body: '{"name":"x","data":{}}' })
  expect((await change('PUT', '/api/queues/line/pause')).status).toBe(200)
  expect(await (await visit(board, '/api/queues')).json()).toMatchObject({
    queues: expect.arrayContaining([expect.objectContaining({ name: 'line', isPaused: true, readOnlyMode: false })]),
  })
  expect((await change('POST', '/api/queues/line/add')).status).toBe(405)
  expect((await change('POST', '/API/queues/line/add/')).status).toBe(405)
  expect((await change('PATCH', '/api/queues/line/1/update-data')).status).toBe(405)
})

test('the queues of another layout appear while the board runs, each by a name that can be read', async () => {
  const board = await openBoard(server)
  const names = async () => {
    const { queues } = Queues.parse(await (await visit(board, '/api/queues')).json())
    return queues.map(({ displayName }) => displayName)
  }
  await makeQueues(2)
  await untilTrue(async () => (await names()).includes('line-1'))
  expect(await names()).toEqual(expect.arrayContaining(['line-0', 'line-1', 'messenger-0', 'messenger-1']))
  const name = encodeURIComponent('{line-1}')
  expect((await visit(board, `/api/queues?activeQueue=${name}`)).status).toBe(200)
  expect((await visit(board, `/queue/${name}`)).status).toBe(200)
})

test('with a HEALTH_PORT the board tells Prometheus there of its process and build, and nothing at the port of its visitors', async () => {
  const port = String(await freePort())
  const board = await openBoard(server, { HEALTH_PORT: port, REVISION: '0123abc' })
  const told = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  expect(told).toMatch(/^ott_build_info\{[^}]*revision="0123abc",[^}]*program="board"\} 1$/m)
  expect(told).toMatch(/^process_resident_memory_bytes\{program="board"\} \d+$/m)
  expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200)
  expect((await fetch(`http://127.0.0.1:${port}/operations`)).status).toBe(404)
  for (const answer of [await fetch(`${board.url}/metrics`), await visit(board, '/metrics')])
    expect(await answer.text()).not.toContain('ott_build_info')
})
