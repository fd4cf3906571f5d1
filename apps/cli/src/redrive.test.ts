import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

import { expect, test } from '@jest/globals'
import { refused } from '@ott/delivery'

import { useFailed } from './use-failed.ts'
import { canLendTerminal, startOnTerminal, startOtt, useOtt } from './use-ott.ts'

const ott = useOtt()
const failed = useFailed(ott.redis)
const refusedFor = (reason: Parameters<typeof refused>[0]) => refused(reason, 'LINE said so')
const last = async (id = '') => (await failed.find(id))?.events.at(-1)?.event

test('a dry run counts by reason, and changes nothing', async () => {
  const [id] = await failed.fail(2, refusedFor('sender'))
  await failed.fail(1, refusedFor('window'))
  await failed.fail(1, refusedFor('expired'))
  expect(await ott.json(['redrive', '--dry-run'])).toEqual({
    dryRun: true,
    matched: 3,
    byReason: { sender: 2, window: 1 },
    skipped: { expired: 1 },
  })
  const { code, stdout, stderr } = await ott.run(['redrive', '--dry-run', '--yes'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(
    /^FAILED FOR +DELIVERIES\nsender +2\nwindow +1\nLeft as it is: 1 whose validity is over\.\n3 deliveries would be redriven\.\n$/,
  )
  expect(await last(id)).toBe('failed')
})

test('what is redriven goes out under its own id, and is told by reason', async () => {
  const ids = await failed.fail(3, refusedFor('sender'))
  expect(await ott.json(['redrive', '--yes'])).toEqual({
    dryRun: false,
    redriven: 3,
    byReason: { sender: 3 },
    skipped: {},
    interrupted: false,
  })
  expect(await failed.accept(3)).toEqual(ids)
  const { stdout } = await ott.run(['redrive', '--yes'])
  expect(stdout).toBe('0 deliveries redriven.\n')
})

test('it redrives those that all options apply to', async () => {
  await failed.fail(1, refusedFor('sender'), { account: 'other' })
  await failed.fail(1, refusedFor('window'), { sender: '2' })
  await failed.fail(1, refusedFor('content'), { network: 'messenger' })
  await failed.fail(1, refusedFor('ambiguous'))
  const cases: [string[], object][] = [
    [[], { matched: 3, skipped: { ambiguous: 1 } }],
    [['--include-ambiguous', '--reason', 'ambiguous'], { byReason: { ambiguous: 1 } }],
    [['--account', 'other'], { byReason: { sender: 1 } }],
    [['--network', 'Messenger'], { byReason: { content: 1 } }],
    [['--sender', '2'], { byReason: { window: 1 } }],
    [['--network', 'line', '--reason', 'content'], { matched: 0 }],
    [['--since', '1h', '--reason', 'window,content', '--reason', 'sender'], { matched: 3 }],
    [['--until', '1h'], { matched: 0 }],
    [['--since', '2020-01-01', '--until', '2020-01-02T00:00:00+09:00'], { matched: 0 }],
  ]
  for (const [args, counted] of cases) expect(await ott.json(['redrive', '--dry-run', ...args])).toMatchObject(counted)
})

test('without a terminal it must be told to go on, and changes nothing before', async () => {
  const [id] = await failed.fail(1, refusedFor('sender'))
  const { code, stdout, stderr } = await ott.run(['redrive'], { input: 'y\n' })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('Give --dry-run to see how many there are, or --yes to redrive them.')
  expect(await last(id)).toBe('failed')
})

test('it keeps to its rate', async () => {
  await failed.fail(21, refusedFor('sender'))
  const startedAt = performance.now()
  await ott.json(['redrive', '--yes', '--rate', '20/s'])
  expect(performance.now() - startedAt).toBeGreaterThan(950)
})

test('without a terminal it says every second how far it is; an interrupt ends it there, and it can go on', async () => {
  const ids = await failed.fail(12, refusedFor('sender'))
  const child = startOtt(['redrive', '--yes', '--rate', '4'], ott.env())
  const [stdout, [line]] = [text(child.stdout), await once(createInterface(child.stderr), 'line')]
  expect(line).toMatch(/^[4-7] of 12 redriven$/)
  child.kill('SIGINT')
  await once(child, 'close')
  expect(child.exitCode).toBe(130)
  const [, redriven] = /Interrupted: (\d+) deliveries redriven\. The same command goes on/.exec(await stdout) ?? []
  expect(Number(redriven)).toBeLessThan(12)
  expect(await ott.json(['redrive', '--yes'])).toMatchObject({ redriven: 12 - Number(redriven) })
  expect(await failed.accept(12)).toEqual(ids)
})

test('killed at any moment it has lost nothing, and the same command goes on', async () => {
  const ids = await failed.fail(12, refusedFor('sender'))
  const child = startOtt(['redrive', '--yes', '--rate', '4'], ott.env())
  await once(createInterface(child.stderr), 'line')
  child.kill('SIGKILL')
  await once(child, 'close')
  expect((await ott.program(['redrive', '--yes'])).code).toBe(0)
  expect(await failed.accept(12)).toEqual(ids)
})

test.each([
  [['--reason', 'bad-luck'], 'There are: no-answer'],
  [['--since', 'yesterday'], 'It must be so long ago'],
  [['--until', '2026-11-23T09:30:00'], 'It must be so long ago'],
  [['--rate', '0'], 'It must be a whole number from 1 to 99999'],
  [['--network', 'pigeon'], 'There are: line or messenger'],
])('it does not take %j', async (args, message) => {
  const { code, stdout, stderr } = await ott.run(['redrive', '--dry-run', ...args])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
})

const onTerminal = canLendTerminal ? test : test.skip

onTerminal('on a terminal it shows what there is, and asks', async () => {
  const ids = await failed.fail(3, refusedFor('sender'))
  for (const [typed, ended] of [
    ['n\n', /Nothing was redriven\./],
    ['y\n', /3 deliveries redriven\./],
  ] as const) {
    const child = startOnTerminal(['redrive', '--rate', '10'], { ...ott.env(), NO_COLOR: '1' })
    child.stdin.write(typed)
    const shown = await text(child.stdout)
    expect(shown).toMatch(
      /sender +3\r\n3 deliveries would be redriven\.\r\nRedrive 3 deliveries, 10 a second\? \[y\/N\]/,
    )
    expect(shown).toMatch(ended)
    if (typed === 'y\n') expect(shown).toMatch(/\d+ % · \d of 3 redriven/)
  }
  expect(await failed.accept(3)).toEqual(ids)
})
