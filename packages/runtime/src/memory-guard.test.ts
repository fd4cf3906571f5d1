import { spawnSync } from 'node:child_process'

import { expect } from '@jest/globals'
import { testWithOwnRedis, untilTrue } from '@ott/local/testing'

import { readableLog } from './log-lines.ts'
import { createMemoryGuard } from './memory-guard.ts'
import { useOwnRedis } from './use-own-redis.ts'

const server = useOwnRedis()

/** So much that buffers of connections, which come and go, move the percentage by less than a tenth of a point. */
const fillerBytes = 64 * 1024 ** 2

/** Sets maxmemory so that what is used now is that percentage of it. */
async function fillTo(percent: number): Promise<void> {
  await server.admin.setrange('filler', fillerBytes, '.')
  const used = Number(/^used_memory:(\d+)/m.exec(await server.admin.info('memory'))?.[1])
  await server.set({ maxmemory: String(Math.round((100 * used) / percent)) })
}

testWithOwnRedis(
  'near maxmemory nothing new is taken, until clearly more is free again; each turn is told once',
  async () => {
    const { logger, lines } = readableLog()
    const guard = createMemoryGuard(await server.open('failing'), { percent: 80, everyMs: 20, logger })
    expect(guard.whyNotNow()).toBeUndefined()
    await fillTo(50.5)
    await untilTrue(async () => (await guard.check()).includes('(50.'))
    await fillTo(85.5)
    await untilTrue(() => guard.whyNotNow() !== undefined)
    expect(guard.whyNotNow()).toMatch(
      /^Redis is nearly full: [\d.]+ MB of [\d.]+ MB used \(85\.\d %\), and from 80 % on nothing new is taken/,
    )
    await expect(guard.check()).rejects.toThrow('Redis is nearly full')

    // A little below the limit is not enough.
    await fillTo(78.5)
    await untilTrue(() => guard.whyNotNow()?.includes('(78.') === true)
    await fillTo(70.5)
    await untilTrue(() => guard.whyNotNow() === undefined)
    expect(await guard.check()).toMatch(/^ok; [\d.]+ MB of [\d.]+ MB used \(70\.\d %\)$/)
    expect(lines.map(({ level, msg }) => `${String(level)} ${String(msg)}`)).toEqual([
      'warn redis.memory-full',
      'info redis.memory-freed',
    ])
    guard.close()
  },
)

testWithOwnRedis('a Redis that has come to evict is given nothing new', async () => {
  const { logger } = readableLog()
  const guard = createMemoryGuard(await server.open('failing'), { percent: 80, everyMs: 20, logger })
  await server.set({ 'maxmemory-policy': 'allkeys-lru' })
  await untilTrue(() => guard.whyNotNow() !== undefined)
  expect(guard.whyNotNow()).toContain('its maxmemory-policy is allkeys-lru')
  await server.set({ 'maxmemory-policy': 'noeviction' })
  await untilTrue(() => guard.whyNotNow() === undefined)
  guard.close()
})

testWithOwnRedis('a Redis without maxmemory is never full', async () => {
  const { logger } = readableLog()
  const guard = createMemoryGuard(await server.open('failing'), { percent: 1, everyMs: 20, logger })
  await untilTrue(async () => (await guard.check()) === 'ok; without a limit (maxmemory 0)')
  expect(guard.whyNotNow()).toBeUndefined()
  guard.close()
})

testWithOwnRedis('what was known holds while Redis is away, and is put right once it is back', async () => {
  const { logger } = readableLog()
  const redis = await server.open('waiting')
  const guard = createMemoryGuard(redis, { percent: 80, everyMs: 20, logger })
  await fillTo(90)
  await untilTrue(() => guard.whyNotNow() !== undefined)
  redis.disconnect()
  await untilTrue(() => redis.status === 'end')
  await server.set({ maxmemory: '0' })
  expect(guard.whyNotNow()).toContain('nearly full')
  await redis.connect()
  await untilTrue(() => guard.whyNotNow() === undefined)
  guard.close()
})

testWithOwnRedis('a guard keeps no program running', () => {
  const script = `
    import { createMemoryGuard } from '${new URL('memory-guard.js', import.meta.url).href}'
    createMemoryGuard({ status: 'reconnecting' }, { percent: 90 })`
  expect(spawnSync(process.execPath, ['--input-type=module', '--eval', script], { timeout: 5000 }).status).toBe(0)
})
