import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect } from '@jest/globals'
import type { Program } from '@ott/local'
import { untilTrue } from '@ott/local/testing'

import { startEverything } from './start-everything.ts'
import { testOnSingleRedis } from './use-redis.ts'

let folder: string
let started: Program

const said = () => started.lines.join('\n')

/** Runs a command as whoever pastes it would. */
function paste(command: string): unknown {
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  return JSON.parse(stdout || stderr)
}

/** Whether the journey of the sandbox's message of that number has what the dispatcher tells of it. */
function isTold(sequence: number): boolean {
  const [, sandbox] = said().match(/^ {2}Chats {2}(\S+)/m) ?? []
  return JSON.stringify(paste(`curl -s ${sandbox}/sandbox/journeys/${sequence}`)).includes('"event":"Sent"')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ott-start-'))
  started = await startEverything(folder)
  await started.untilLine(/^Ctrl-C stops everything/)
})

afterAll(async () => {
  await started.stop()
  await rm(folder, { recursive: true })
})

testOnSingleRedis(
  'the commands on the screen deliver as they stand; a second LINE message takes the push',
  async () => {
    const [token = ''] = said().match(/^TOKEN=\$\([^]*?\)$/m) ?? []
    const commands = (said().match(/^curl [^']*'[^']*' -d '[^']*'$|^curl -s \S+ -H "[^"]*"$/gm) ?? []).map(
      (command) => `${token}\n${command}`,
    )
    expect(commands).toHaveLength(4)
    const [line = '', messenger = '', lineStatus = '', messengerStatus = ''] = commands
    const via = (status: string) => JSON.stringify(paste(status)).match(/"via":"(\w+)"/)?.[1]

    expect(paste(line)).toEqual({ ottRequestId: expect.any(String) })
    await untilTrue(() => via(lineStatus) === 'reply')
    await untilTrue(() => isTold(1))
    expect(paste(line)).toEqual({ ottRequestId: expect.any(String) })
    await untilTrue(() => via(lineStatus) === 'push')
    expect(paste(messenger)).toEqual({ ottRequestId: expect.any(String) })
    await untilTrue(() => via(messengerStatus) === 'send')
  },
)

testOnSingleRedis(
  "the sandbox's page is told by the dispatcher what became of each message, the reply too",
  async () => {
    await untilTrue(() => [1, 2, 3].every(isTold))
  },
)

testOnSingleRedis('a second start in the same folder is refused, and leaves the first alone', async () => {
  const second = await startEverything(folder)
  expect(await second.ended).toBe('exit code 1')
  expect(second.lines.join('\n')).toMatch(`in use by process ${started.pid}`)
})

testOnSingleRedis(
  'a port that is taken is named, with the variable that changes it, before anything starts',
  async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const address = squatter.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const second = await startEverything(folder, { BOARD_PORT: port, DATA_FOLDER: join(folder, 'second') })
    expect(await second.ended).toBe('exit code 1')
    expect(second.lines.filter((line) => line !== '')).toEqual([
      `Port ${port}, meant for the board, is already in use. Stop the program that has it, or set BOARD_PORT to another port.`,
    ])
    squatter.close()
  },
)

testOnSingleRedis('a program that ends by itself is started again, and that is told', async () => {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  const [, worker] = new RegExp(`^ *(\\d+) +${started.pid} .*apps/worker/`, 'm').exec(stdout) ?? []
  process.kill(Number(worker), 'SIGKILL')
  const told = await started.untilLine(/ has ended /)
  expect(told).toMatch(/^worker-\w+ has ended \(SIGKILL\)\. It is started again in 1 s/)
  const log = join(folder, 'logs', `${told.split(' ')[0]}.log`)
  await untilTrue(async () => (await readFile(log, 'utf8')).split('program.started').length === 3)
})

testOnSingleRedis('when it is stopped, all it had started stops', async () => {
  await started.stop()
  expect(await started.ended).toBe('exit code 0')
  const urls = [...said().matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => url)
  expect(new Set(urls).size).toBe(3)
  for (const url of urls) await expect(fetch(url)).rejects.toThrow()
})
