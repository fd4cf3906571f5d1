import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'
import { repository } from '@ott/local'
import { parse } from 'yaml'
import { z } from 'zod'

import { readServices } from './compose.ts'
import { argumentsOf } from './dockerfile.ts'
import { newEnv } from './env-file.ts'
import { readManifests } from './manifests.ts'
import { monitoringManifests } from './monitoring.ts'

const services = await readServices(await newEnv())

/** A file of infra, parsed. */
async function read<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse(parse(await readFile(join(repository, 'infra', file), 'utf8')))
}

test('Prometheus asks services of compose.yaml for their metrics, at the port where they have them', async () => {
  const Lookup = z.object({ names: z.array(z.string()), port: z.number() })
  const Configuration = z.object({ scrape_configs: z.array(z.object({ dns_sd_configs: z.array(Lookup) })) })
  const { scrape_configs: jobs } = await read('prometheus/prometheus.yaml', Configuration)
  const asked = jobs.flatMap(({ dns_sd_configs: lookups }) => lookups)
  expect(asked.length).toBeGreaterThan(0)
  const ofImage = /HEALTH_PORT=(\d+)/.exec(argumentsOf('ENV', 1).join(' '))?.[1]
  for (const { names, port } of asked) {
    const told = names
      .map((name) => services[name])
      .map((service) => service && (service.environment['HEALTH_PORT'] ?? ofImage))
    expect(told).toEqual(names.map(() => String(port)))
  }
})

test('Grafana has a source that is there, and finds the dashboard where compose.yaml puts it', async () => {
  const Sources = z.object({ datasources: z.array(z.object({ url: z.url() })) })
  const { datasources } = await read('grafana/provisioning/datasources/prometheus.yaml', Sources)
  expect(datasources.map(({ url }) => new URL(url).hostname).filter((name) => services[name] === undefined)).toEqual([])
  const Providers = z.object({ providers: z.array(z.object({ options: z.object({ path: z.string() }) })) })
  const { providers } = await read('grafana/provisioning/dashboards/ott-dispatcher.yaml', Providers)
  for (const { options } of providers)
    expect(services['grafana']?.volumes).toContain(
      `./grafana/ott-dispatcher.json:${options.path}/ott-dispatcher.json:ro`,
    )
})

test('KEDA scales by what the dashboard and the alerts are about too', async () => {
  const recorded = await readFile(join(repository, 'infra/prometheus/recordings.yaml'), 'utf8')
  const Trigger = z.object({ metadata: z.object({ query: z.string() }) })
  const Spec = z.object({ scaleTargetRef: z.object({ name: z.string() }), triggers: z.tuple([Trigger]) })
  const scaled = (await readManifests('keda')).map(({ spec }) => Spec.parse(spec))
  for (const { scaleTargetRef, triggers } of scaled) {
    const [, metric = '?', network] = /^max\((\w+)\{network="(\w+)"\}\)$/.exec(triggers[0].metadata.query) ?? []
    expect(recorded).toContain(`(${metric})`)
    expect(scaleTargetRef.name).toBe(`${network}-worker`)
  }
})

test('Kubernetes has the rules, the alerts and the dashboard that everybody has; `npm run manifests` makes them', async () => {
  for (const { file, text } of await monitoringManifests())
    expect(await readFile(join(repository, file), 'utf8')).toBe(text)
  const made = await readManifests('prometheus-operator')
  const Rules = z.object({ groups: z.array(z.unknown()) })
  for (const name of ['recordings', 'alerts'])
    expect(made.find(({ metadata }) => metadata.name === `ott-dispatcher-${name}`)?.['spec']).toEqual(
      await read(`prometheus/${name}.yaml`, Rules),
    )
  const Dashboard = z.object({ data: z.object({ 'ott-dispatcher.json': z.string() }) })
  const { data } = Dashboard.parse(made.find(({ kind }) => kind === 'ConfigMap'))
  const dashboard = await read('grafana/ott-dispatcher.json', z.looseObject({ title: z.string() }))
  expect(JSON.parse(data['ott-dispatcher.json'])).toEqual(dashboard)
})
