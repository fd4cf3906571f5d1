import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from '@jest/globals'
import { repository, startChild } from '@ott/local'
import { testWithOwnRedis } from '@ott/local/testing'
import { z } from 'zod'

const Report = z.object({
  mustBeZero: z.record(z.string(), z.number()),
  counts: z.object({ accepted: z.number(), delivered: z.number() }),
  events: z.object({ kill: z.number(), rotate: z.number() }),
  stories: z.array(z.unknown()),
})

const folder = await mkdtemp(join(tmpdir(), 'ott-chaos-test-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs the program to its end. */
async function chaos(args: readonly string[]) {
  const { PATH, HOME } = process.env
  const child = await startChild({
    command: process.execPath,
    args: [join(repository, 'apps/chaos/dist/main.js'), ...args],
    env: { PATH, HOME, TMPDIR: folder },
  })
  return { how: await child.ended, tail: child.tail(), printed: child.lines.join('\n') }
}

testWithOwnRedis(
  'under kills, freezes, cuts and deploys nothing is lost, nothing doubled, nothing stuck',
  async () => {
    const json = join(folder, 'report.json')
    const short = ['--minutes', '0.3', '--kills', '8', '--rate', '40', '--settle', '60', '--seed', '20260722']
    const { how, tail } = await chaos([...short, '--json', json])
    const text = await readFile(json, 'utf8').catch(() => {
      throw new Error(`there is no report (${how}):\n${tail}`)
    })
    const { mustBeZero, counts, events, stories } = Report.parse(JSON.parse(text))
    const zeros = Object.fromEntries(Object.keys(mustBeZero).map((kind) => [kind, 0]))
    expect({ mustBeZero, stories: stories.map((story) => JSON.stringify(story)) }).toEqual({
      mustBeZero: zeros,
      stories: [],
    })
    expect(events.kill).toBeGreaterThanOrEqual(8)
    expect(events.rotate).toBe(1)
    expect(counts.accepted).toBe(720)
    expect(counts.delivered).toBeGreaterThan(600)
    expect(how).toBe('exit code 0')
  },
  240_000,
)

test('what cannot be read on the command line is told, and nothing is started', async () => {
  const { how, printed } = await chaos(['--at-most-once', '2'])
  expect(how).toBe('exit code 1')
  expect(printed).toContain('It must be a number from 0 to 1.')
  expect((await chaos(['--help'])).printed).toContain('npm run chaos -- --minutes 4')
})
