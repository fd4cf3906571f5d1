import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { findPrograms, repository, usualNode } from '@ott/local'
import { networks } from '@ott/networks'
import { stopLimitMs } from '@ott/runtime'

import { newEnv, readEnvFile } from './env-file.ts'
import { faultsOf, type Variables } from './programs.ts'

const folder = join(repository, 'infra/systemd')
const programs = await findPrograms()
const keys = await newEnv()
const units = (await readdir(folder)).filter((file) => file.endsWith('.service'))
const instances = units.flatMap((unit) =>
  unit.includes('@') ? Object.keys(networks).map((network) => unit.replace('@', `@${network}`)) : [unit],
)

const run = promisify(execFile)
const analyze = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  run('systemd-analyze', [...args], { env: { PATH: process.env['PATH'], ...env } })
const testWithSystemd = await analyze(['--version'], {}).then(
  () => test,
  () => test.skip,
)

/** Where the units are as they would be in /etc/systemd/system, but that this repository stands for /opt/ott-dispatcher. */
let installed = ''
beforeAll(async () => {
  installed = await mkdtemp(join(tmpdir(), 'ott-systemd-'))
  await cp(folder, installed, { recursive: true })
  for (const file of [...units, 'ott-.service.d/program.conf', 'redis-server.service.d/ott-dispatcher.conf']) {
    const text = await readFile(join(installed, file), 'utf8')
    await writeFile(join(installed, file), text.replaceAll('/opt/ott-dispatcher', repository))
  }
})
afterAll(() => rm(installed, { recursive: true }))

testWithSystemd('systemd finds no fault with any unit, and each starts a program that is there', async () => {
  const verify = analyze(['verify', '--man=no', ...instances, 'ott-dispatcher.target'], unitPath())
  expect(await verify).toEqual({ stdout: '', stderr: '' })
})

testWithSystemd('systemd keeps from every program what it does not need', async () => {
  for (const instance of instances) {
    const exposed = await analyze(['security', '--offline=true', '--threshold=20', '--no-pager', instance], unitPath())
    expect(exposed.stdout).toContain(`Overall exposure level for ${instance}`)
  }
})

test('the target has every program started, and a worker for every network', async () => {
  const target = await readFile(join(folder, 'ott-dispatcher.target'), 'utf8')
  const [, wanted = ''] = /^Wants=(.*)$/m.exec(target) ?? []
  expect(wanted.split(' ').toSorted()).toEqual(instances.toSorted())
  const names = new Set(units.map((unit) => /^ott-(\w+)@?\.service$/.exec(unit)?.[1]))
  expect(programs.filter((app) => app !== 'sandbox' && !names.has(app))).toEqual([])
})

test.each(programs.filter((app) => app !== 'sandbox'))(
  'the program of ott-%s takes the environment that its file begins with, once its keys are there',
  async (app) => {
    const file = await readEnvFile(join(folder, 'env', `ott-${app}.env`))
    const values: Variables = { ...keys, BOARD_USERS: 'erin:scrypt$c2FsdA$aGFzaA' }
    const filled = Object.entries(file).map(([name, value]) => [name, value || values[name]])
    const instance = app === 'worker' ? { NETWORK: 'line' } : {}
    expect(await faultsOf(app, { ...Object.fromEntries(filled), ...instance })).toEqual([])
  },
)

test('programs run under systemd as they do here, and have the time to stop that they take', async () => {
  const conf = await readFile(join(folder, 'ott-.service.d/program.conf'), 'utf8')
  const variables = { NODE_OPTIONS: usualNode.arguments.join(' '), ...usualNode.environment }
  for (const [name, value] of Object.entries(variables)) expect(conf).toContain(`Environment=${name}=${value}\n`)
  const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(conf) ?? []
  expect(Number(seconds) * 1000).toBeGreaterThan(stopLimitMs)
})

/** The units that are installed here, before systemd's own. */
function unitPath() {
  return { SYSTEMD_UNIT_PATH: `${installed}:` }
}
