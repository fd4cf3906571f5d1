import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Program, startProgram } from '@ott/local'
import { untilTrue, useRedis } from '@ott/local/testing'
import { z } from 'zod'

const redis = useRedis()
const aKey = Buffer.alloc(32, 1).toString('base64')
const started: Program[] = []
afterAll(() => Promise.all(started.map((program) => program.stop())))

async function startTwo(env: Record<string, string> = {}): Promise<Program> {
  const program = await startProgram({
    name: 'ingress',
    file: 'apps/ingress/dist/main.js',
    env: { REDIS_URL: redis.url, TOKEN_KEY: aKey, CREDENTIALS_KEY: aKey, INGRESS_PROCESSES: '2', ...env },
    ports: ['PORT', 'HEALTH_PORT'],
  })
  started.push(program)
  return program
}

/** The one that the first tests look at, in this order: a start takes three processes a second each. */
let ingress: Program
beforeAll(async () => {
  ingress = await startTwo()
  await ingress.untilReady()
})

const pids = ({ lines }: Program): number[] =>
  lines.filter((line) => line.includes('"process.started"')).map((line) => Number(/"pid":(\d+)/.exec(line)?.[1]))

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Whether a process has ended, unseen as yet by the one that started it: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const isZombie = async (pid: number): Promise<boolean> => / Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8'))

const isTaken = async ({ url }: Program): Promise<boolean> =>
  (await fetch(`${url}/ott/v1/send`, { method: 'POST', headers: { connection: 'close' } })).status === 401

test('several processes of an ingress share its port, and one port tells of the health and the metrics of all', async () => {
  expect(await isTaken(ingress)).toBe(true)
  expect(await (await fetch(`${ingress.healthUrl}/health/ready`)).json()).toMatchObject({
    checks: { processes: expect.stringMatching(/^each of 2 processes is; redis: ok; .*memory: ok/) },
  })
  expect(await (await fetch(`${ingress.healthUrl}/health/live`)).text()).toContain('"status":"ok"')
  const metrics = await (await fetch(`${ingress.healthUrl}/metrics`)).text()
  expect(metrics).toMatch(/^process_resident_memory_bytes\{program="ingress"\} \d+/m)
  expect(metrics.match(/^process_resident_memory_bytes\{/gm)).toHaveLength(1)
})

test('a process that dies is told of, makes the ingress unready, and is replaced, while the others take requests and what it counted stays counted', async () => {
  // Each takes some of them.
  for (let taken = 0; taken < 10; taken += 1) expect(await isTaken(ingress)).toBe(true)
  const refused = async () => {
    const text = await (await fetch(`${ingress.healthUrl}/metrics`)).text()
    return Number(/^ott_http_requests_total\{[^}]*status="401".*\} (\d+)$/m.exec(text)?.[1])
  }
  // The one before is among them.
  await untilTrue(async () => (await refused()) === 11)
  const [victim = 0] = pids(ingress)
  process.kill(victim, 'SIGKILL')
  await ingress.untilLine(new RegExp(`"pid":${victim},.*"signalCode":"SIGKILL".*"process.lost"`))
  expect(await (await fetch(`${ingress.healthUrl}/health/ready`)).text()).toContain('1 of 2 processes are there')
  expect(await isTaken(ingress)).toBe(true)
  await untilTrue(async () => (await refused()) === 12)
  await untilTrue(() => pids(ingress).length === 3)
  await ingress.untilReady()
  expect(await refused()).toBe(12)
})

test('on SIGTERM all its processes end in order, and none is left', async () => {
  process.kill(ingress.pid, 'SIGTERM')
  expect(await ingress.ended).toBe('exit code 0')
  expect(ingress.lines.filter((line) => line.includes('"program.stopped"'))).toHaveLength(3)
  expect(pids(ingress).filter(isRunning)).toEqual([])
})

test('on SIGTERM an ingress ends in order though its processes are gone by then, as when the signal came to all of them', async () => {
  const another = await startTwo()
  await another.untilReady()
  process.kill(another.pid, 'SIGSTOP')
  for (const pid of pids(another)) process.kill(pid, 'SIGTERM')
  await untilTrue(async () => (await Promise.all(pids(another).map(isZombie))).every(Boolean))
  process.kill(another.pid, 'SIGTERM')
  process.kill(another.pid, 'SIGCONT')
  expect(await another.ended).toBe('exit code 0')
})

test('none of its processes outlives the one that answers for them', async () => {
  const another = await startTwo()
  await another.untilReady()
  process.kill(another.pid, 'SIGKILL')
  await untilTrue(() => pids(another).every((pid) => !isRunning(pid)))
})

test('when one of its processes dies while it starts, the ingress ends, and leaves none of the others behind', async () => {
  const another = await startTwo()
  await untilTrue(() => pids(another).length === 1)
  const [first = 0] = pids(another)
  const children = async () =>
    (await readFile(`/proc/${another.pid}/task/${another.pid}/children`, 'utf8')).trim().split(' ').map(Number)
  await untilTrue(async () => (await children()).length === 2)
  const second = (await children()).find((pid) => pid !== first) ?? 0
  process.kill(second, 'SIGKILL')
  expect(await another.ended).toBe('exit code 1')
  expect(isRunning(first)).toBe(false)
})

test('what keeps its processes from starting is told once', async () => {
  const squatter = createServer().listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  const { port } = z.object({ port: z.number() }).parse(squatter.address())
  const another = await startTwo({ PORT: String(port) })
  expect(await another.ended).toBe('exit code 1')
  squatter.close()
  expect(another.lines.filter((line) => line.includes(`port ${port} on 127.0.0.1 is already in use`))).toHaveLength(1)
  expect(another.lines.at(-1)).toBe('ingress: One of its processes could not start; what it says of it stands above.')
})
