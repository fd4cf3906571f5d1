import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from '@jest/globals'
import { repository } from '@ott/local'
import { parse } from 'yaml'
import { z } from 'zod'

import { readServices } from './compose.ts'
import { newEnv } from './env-file.ts'

const run = promisify(execFile)
const services = await readServices(await newEnv())
const infra = join(repository, 'infra')
const amtool = await run('amtool', ['--version']).then(
  () => true,
  () => false,
)
const testWithAmtool = amtool ? test : test.skip

const Prometheus = z.object({
  rule_files: z.array(z.string()),
  scrape_configs: z.array(z.unknown()).min(1),
  alerting: z.strictObject({
    alertmanagers: z.tuple([
      z.strictObject({ static_configs: z.tuple([z.strictObject({ targets: z.array(z.string()) })]) }),
    ]),
  }),
})

test('the Prometheus of compose.yaml has its rules, and brings its alerts to Alertmanager', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ott-prometheus-'))
  try {
    // In place of Prometheus: tells what it would have read.
    await writeFile(join(folder, 'prometheus'), '#!/bin/sh\ncat "${1#--config.file=}"\n')
    await chmod(join(folder, 'prometheus'), 0o755)
    const script = (services['prometheus']?.command.at(-1) ?? '')
      .replaceAll('/tmp/prometheus', join(folder, 'made'))
      .replaceAll('/etc/prometheus', join(infra, 'prometheus'))
      .replaceAll('/etc/alerting.yaml', join(infra, 'alertmanager/alerting.yaml'))
    const { stdout } = await run('sh', ['-c', script], { env: { PATH: `${folder}:${process.env['PATH']}` } })
    const { alerting, rule_files: rules } = Prometheus.parse(parse(stdout))
    for (const file of rules) expect((await stat(join(folder, 'made', file))).isFile()).toBe(true)
    const [{ targets }] = alerting.alertmanagers[0].static_configs
    const [, , port] = (services['alertmanager']?.ports[0] ?? '').split(':')
    expect(targets).toEqual([`alertmanager:${port}`])
  } finally {
    await rm(folder, { recursive: true })
  }
})

const Route = z.strictObject({
  receiver: z.string(),
  group_by: z.array(z.string()).optional(),
  group_wait: z.string().optional(),
  group_interval: z.string().optional(),
  repeat_interval: z.string().optional(),
  matchers: z.array(z.string().regex(/^severity="\w+"$/)).optional(),
})

const Alertmanager = z.strictObject({
  route: Route.extend({ routes: z.array(Route) }),
  receivers: z.array(z.strictObject({ name: z.string() })),
})

test('every alert has a receiver, and what is critical has one of its own', async () => {
  const { route, receivers } = Alertmanager.parse(await read('alertmanager/alertmanager.yaml'))
  const names = receivers.map(({ name }) => name)
  expect([route, ...route.routes].map(({ receiver }) => receiver).toSorted()).toEqual(names.toSorted())
  const Rules = z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ labels: z.object({ severity: z.string() }) })) })),
  })
  const { groups } = Rules.parse(await read('prometheus/alerts.yaml'))
  const severities = new Set(groups.flatMap(({ rules }) => rules.map(({ labels }) => `severity="${labels.severity}"`)))
  for (const matcher of route.routes.flatMap(({ matchers }) => matchers ?? [])) expect(severities).toContain(matcher)
})

testWithAmtool('Alertmanager takes its configuration, and so it does once people can be reached', async () => {
  const file = join(infra, 'alertmanager/alertmanager.yaml')
  const folder = await mkdtemp(join(tmpdir(), 'ott-alertmanager-'))
  try {
    const completed = join(folder, 'alertmanager.yaml')
    // The amtool of Debian 12 is older than `url_file`.
    const text = (await readFile(file, 'utf8')).replace('url_file: /etc/alertmanager/webhook-url', "url: 'http://a'")
    await writeFile(completed, text.replaceAll(/^( +)# (?=\w+_configs| )/gm, '$1'))
    expect(await readFile(completed, 'utf8')).toMatch(/^ {4}webhook_configs/m)
    for (const each of [file, completed])
      expect((await run('amtool', ['check-config', each])).stdout).toContain('SUCCESS')
  } finally {
    await rm(folder, { recursive: true })
  }
})

async function read(file: string): Promise<unknown> {
  return parse(await readFile(join(infra, file), 'utf8'))
}
