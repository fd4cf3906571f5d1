import { randomUUID } from 'node:crypto'

import { expect, test } from '@jest/globals'
import type { Hold } from '@ott/delivery'
import { untilTrue } from '@ott/local/testing'

import { useOtt } from './use-ott.ts'
import { of, registration, secretLines, shown, useSenders } from './use-senders.ts'

const ott = useOtt()
const senders = useSenders(ott.redis)

const parkedHold: Omit<Hold, 'revision'> = {
  kind: 'parked',
  reason: 'credentials',
  message: 'LINE answered 401: Authentication failed',
  since: Date.parse('2026-01-02T03:04:05.000Z'),
  until: Date.parse('2026-01-02T04:04:05.000Z'),
  waitMs: 3_600_000,
  strikes: 1,
}
const inAnHour = Date.now() + 3_600_000

async function register(id: string): Promise<void> {
  await ott.json(registration(id), { input: secretLines })
}

async function park(sender: string, count: number): Promise<void> {
  for (let parked = 0; parked < count; parked += 1)
    await senders.park({
      id: randomUUID(),
      account: 'shop',
      network: 'line',
      sender,
      recipient: { id: 'U4af4980629a1b2c3d4e5f60718293a4b' },
      contents: [{ type: 'text', text: 'Your table is ready' }],
      key: 'k',
      validity: '30',
      createdAt: 1,
    })
}

async function lineOf(id: string): Promise<string | undefined> {
  const { stdout } = await ott.run(['sender', 'list', ...of()])
  return stdout.split('\n').find((line) => line.split(/\s+/)[1] === id)
}

test('a parked sender is listed with the reason, how many deliveries wait, and when it is probed next', async () => {
  await register('1')
  await senders.hold('1', parkedHold)
  await park('1', 3)
  expect(await lineOf('1')).toContain(
    '  parked: credentials since 2026-01-02T03:04:05.000Z, 3 waiting, next probe 2026-01-02T04:04:05.000Z',
  )
  const hold = {
    kind: 'parked',
    reason: 'credentials',
    message: 'LINE answered 401: Authentication failed',
    since: '2026-01-02T03:04:05.000Z',
    until: '2026-01-02T04:04:05.000Z',
    strikes: 1,
  }
  expect(await ott.json(['sender', 'show', '1', ...of()])).toEqual({ ...shown('1'), hold, waiting: 3 })
  expect((await ott.run(['sender', 'show', '1', ...of()])).stdout).toContain('LINE answered 401: Authentication failed')
})

test('a throttled sender is listed as such until its time is over', async () => {
  await register('2')
  await senders.hold('2', { ...parkedHold, kind: 'throttled', since: inAnHour - 1, until: inAnHour })
  expect(await lineOf('2')).toContain(`  throttled until ${new Date(inAnHour).toISOString()}`)
  await register('3')
  await senders.hold('3', { ...parkedHold, kind: 'throttled' })
  expect(await ott.json(['sender', 'show', '3', ...of()])).toEqual({ ...shown('3'), hold: null, waiting: 0 })
})

test('a sender that is resumed may send again, and is told how many deliveries wait', async () => {
  await register('4')
  await senders.hold('4', parkedHold)
  await park('4', 2)
  const { code, stdout } = await ott.program(['sender', 'resume', '4', ...of()])
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^✓ 4 may send again\.\nDeliveries that wait for it: 2\. The workers release them, oldest first/,
  )
  await untilTrue(async () => (await senders.findHold('4')) === undefined)
  expect(await lineOf('4')).toContain('  being released: 2 waiting')
  const again = await ott.json(['sender', 'resume', '4', ...of()])
  expect(again).toEqual({ account: 'shop', network: 'line', id: '4', resumed: false, waiting: 2 })
})

test.each(['register', 'activate'])('to %s a sender ends what held it back', async (command) => {
  const id = `5${command}`
  await register(id)
  await senders.hold(id, parkedHold)
  if (command === 'register') await register(id)
  else await ott.json(['sender', 'activate', id, ...of()])
  expect(await ott.json(['sender', 'show', id, ...of()])).toMatchObject({ hold: null, waiting: 0 })
})
