import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from '@jest/globals'
import { type Child, repository, startChild } from '@ott/local'
import { testWithOwnRedis, untilTrue } from '@ott/local/testing'
import { z } from 'zod'

const Spread = z.object({ median: z.number() })
const Report = z.object({
  rows: z.array(z.object({ scenario: z.string(), what: z.string(), ours: Spread, baseline: Spread })),
})

const folder = await mkdtemp(join(tmpdir(), 'ott-bench-test-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

function bench(...args: readonly string[]): Promise<Child> {
  const { PATH, HOME } = process.env
  const file = join(repository, 'apps/bench/dist/main.js')
  return startChild({ command: process.execPath, args: [file, ...args], env: { PATH, HOME, TMPDIR: folder } })
}

const short = ['--quick', '--rounds', '1', '--messages', '300']

testWithOwnRedis(
  'every figure is measured of ours and of the baseline, and every message is delivered by both',
  async () => {
    const json = join(folder, 'report.json')
    const child = await bench(...short, '--only', 'deliver', 'e2e', 'memory', 'arrival', '--json', json)
    const how = await child.ended
    const text = await readFile(json, 'utf8').catch(() => {
      throw new Error(`there is no report (${how}):\n${child.tail()}`)
    })
    expect(how).toBe('exit code 0')
    const { rows } = Report.parse(JSON.parse(text))
    expect(new Set(rows.map(({ scenario }) => scenario))).toEqual(new Set(['deliver', 'e2e', 'memory', 'arrival']))
    expect(child.lines.some((line) => line.includes('targets met'))).toBe(true)
  },
  240_000,
)

testWithOwnRedis('what is asked to end leaves nothing running', async () => {
  const child = await bench(...short, '--only', 'deliver')
  await child.untilLine(/deliver: round 1/)
  const started = await childrenOf(child.pid)
  expect(started.length).toBeGreaterThanOrEqual(7)
  await child.stop()
  expect(await child.ended).toBe('exit code 130')
  await untilTrue(() => started.every((pid) => !existsSync(`/proc/${pid}`)))
})

test('what cannot be read on the command line is told, and nothing is started', async () => {
  const child = await bench('--only', 'nonsense')
  expect(await child.ended).toBe('exit code 1')
  expect(child.lines.join('\n')).toContain('There is: accept, latency, deliver, e2e')
})

/** The processes that a process has started itself. */
async function childrenOf(pid: number): Promise<string[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return children.trim().split(' ')
}
