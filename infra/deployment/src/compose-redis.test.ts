import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterEach, expect } from '@jest/globals'
import { repository } from '@ott/local'
import { testWithOwnRedis } from '@ott/local/testing'
import { closeRedis, createLogger, openRedis, type Redis, redisCheck } from '@ott/runtime'

import { type ComposeRedis, startComposeRedis } from './compose-redis.ts'
import { newEnv } from './env-file.ts'

const run = promisify(execFile)
const variables = await newEnv()

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function start(folder?: string): Promise<ComposeRedis> {
  const started = await startComposeRedis(variables, folder)
  stops.push(() => started.stop())
  return started
}

async function open(url: string): Promise<Redis> {
  const redis = await openRedis(url, 'failing', createLogger('test', 'silent'))
  stops.push(() => closeRedis(redis))
  return redis
}

testWithOwnRedis(
  'the Redis of compose.yaml keeps what was answered, and lets in nobody without a password',
  async () => {
    const { port, urls } = await start()
    const state = await redisCheck(await open(urls.dispatcher))()
    expect(state).toContain('every write is on disk before it is answered')

    const stranger = connect(port, '127.0.0.1')
    stranger.write('PING\r\n')
    const [answer] = await once(stranger, 'data')
    stranger.destroy()
    expect(String(answer)).toContain('NOAUTH')
  },
)

testWithOwnRedis('its settings are for an operator to change, and for no program', async () => {
  const { urls } = await start()
  const setting = ['SET', 'maxmemory-policy', 'noeviction'] as const
  await expect((await open(urls.dispatcher)).call('CONFIG', ...setting)).rejects.toThrow('NOPERM')
  expect(await (await open(urls.operator)).call('CONFIG', ...setting)).toBe('OK')
})

testWithOwnRedis(
  'a backup under writes has all that was answered before it, and is restored as the document says',
  async () => {
    const redis = await start()
    const [dispatcher, operator] = [await open(redis.urls.dispatcher), await open(redis.urls.operator)]
    const kept = Array.from({ length: 2000 }, (_, index) => [`ott:kept:${index}`, 'x'.repeat(100)]).flat()
    await dispatcher.mset(kept)
    // A rewriting that has begun before: half a millisecond for each key.
    await operator.call('CONFIG', 'SET', 'rdb-key-save-delay', '500')
    await operator.call('BGREWRITEAOF')
    expect(await dispatcher.info('persistence')).toContain('aof_rewrite_in_progress:1')

    const stop = new AbortController()
    const written = write(dispatcher, stop.signal)
    const before = await dispatcher.incr('ott:written')
    const tar = await backup(redis)
    stop.abort()
    // It waited for the rewriting, and has the files that this has left.
    expect(tar.includes('appendonly.aof.2.base.rdb')).toBe(true)
    expect(await operator.call('CONFIG', 'GET', 'auto-aof-rewrite-percentage')).toContain('100')

    const folder = await mkdtemp(join(tmpdir(), 'ott-restored-'))
    await restore(tar, folder)
    const restored = await open((await start(folder)).urls.dispatcher)
    expect(await restored.call('DBSIZE')).toBe(2001)
    const last = Number(await restored.get('ott:written'))
    expect(last).toBeGreaterThanOrEqual(before)
    expect(last).toBeLessThanOrEqual(await written)
  },
)

/** Writes one after the other until told to stop, and resolves with how many were answered. */
async function write(redis: Redis, stop: AbortSignal): Promise<number> {
  let answered = 0
  while (!stop.aborted) answered = await redis.incr('ott:written')
  return answered
}

/** What an operator runs in Redis's container. */
async function backup({ port, environment }: ComposeRedis): Promise<Buffer> {
  const args = [join(repository, 'infra/backup-redis.sh'), '-p', String(port), '--user', 'operator']
  return (await run('sh', args, { env: { ...environment }, encoding: 'buffer', maxBuffer: 1e8 })).stdout
}

/** The command of docs/operating.md, in this folder. */
async function restore(tar: Buffer, folder: string): Promise<void> {
  const document = await readFile(join(repository, 'docs/operating.md'), 'utf8')
  const [, command = ''] = /--entrypoint sh redis -c '([^']+)' < /.exec(document) ?? []
  expect(command).toContain('/data')
  const restoring = run('sh', ['-c', command.replaceAll('/data', folder)])
  restoring.child.stdin?.end(tar)
  await restoring
}
