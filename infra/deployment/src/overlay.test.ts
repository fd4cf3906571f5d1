import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from '@jest/globals'
import { repository } from '@ott/local'
import { z } from 'zod'

import { readDeployments } from './deployments.ts'
import { type Manifest, manifestFolder, parseManifests, readManifests } from './manifests.ts'
import { variablesOf } from './programs.ts'

// What an operator's overlay becomes: only kubectl can tell.

const run = promisify(execFile)
const testWithKubectl = await run('kubectl', ['version', '--client']).then(
  () => test,
  () => test.skip,
)

/** The objects of the overlay that docs/deploying.md shows, with the component that it leaves to choice, as kubectl makes them. */
async function renderOverlay(): Promise<readonly Manifest[]> {
  const document = await readFile(join(repository, 'docs/deploying.md'), 'utf8')
  const [, overlay = ''] = /^```yaml\n(apiVersion: kustomize[^`]*components:[^`]*)```$/m.exec(document) ?? []
  const folder = await mkdtemp(join(tmpdir(), 'ott-overlay-'))
  const base = relative(folder, manifestFolder)
  const text = overlay.replace(/^# - /gm, '  - ').replaceAll('../ott-dispatcher/infra/kubernetes', base)
  try {
    await writeFile(join(folder, 'kustomization.yaml'), text)
    return parseManifests((await run('kubectl', ['kustomize', folder])).stdout)
  } finally {
    await rm(folder, { recursive: true })
  }
}

testWithKubectl('the overlay of the document is put together, with every component, in one namespace', async () => {
  const fleet = await renderOverlay()
  const names = new Set(fleet.map(({ kind, metadata }) => `${kind} ${metadata.name}`))
  for (const entry of (await readdir(manifestFolder, { withFileTypes: true })).filter((each) => each.isDirectory()))
    if (entry.name !== 'ott')
      for (const { kind, metadata } of await readManifests(entry.name))
        expect(names).toContain(`${kind} ${metadata.name}`)
  const elsewhere = fleet.filter(
    ({ kind, metadata }) => kind !== 'Namespace' && metadata['namespace'] !== 'ott-dispatcher',
  )
  expect(elsewhere.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([])
})

const Settings = z.object({ data: z.object({ OTEL_EXPORTER_OTLP_ENDPOINT: z.url() }) })
const Policy = z.object({
  podSelector: z.object({ matchExpressions: z.tuple([z.object({ values: z.array(z.string()) })]) }),
  egress: z.tuple([
    z.object({
      to: z.tuple([z.object({ namespaceSelector: z.object({ matchLabels: z.record(z.string(), z.string()) }) })]),
      ports: z.array(z.object({ port: z.number() })),
    }),
  ]),
})

testWithKubectl(
  'where traces are wanted, every program that can trace is told where to, and may go there',
  async () => {
    const fleet = await renderOverlay()
    const { data } = Settings.parse(fleet.find(({ metadata }) => metadata.name === 'queue-settings'))
    const { hostname, port } = new URL(data.OTEL_EXPORTER_OTLP_ENDPOINT)
    const { podSelector, egress } = Policy.parse(fleet.find(({ metadata }) => metadata.name === 'tracing')?.['spec'])
    const [{ to, ports }] = egress
    expect(hostname.split('.')[1]).toBe(to[0].namespaceSelector.matchLabels['kubernetes.io/metadata.name'])
    expect(ports.map((each) => String(each.port))).toContain(port)

    const tracing = []
    for (const { name, app, container } of await readDeployments())
      if ((await variablesOf(app)).includes('OTEL_EXPORTER_OTLP_ENDPOINT'))
        tracing.push([name, container.envFrom.map(({ configMapRef }) => configMapRef.name)])
    expect(tracing.map(([name]) => name)).toEqual(podSelector.matchExpressions[0].values)
    expect(tracing.map(([, settings]) => settings)).toEqual(
      tracing.map(() => expect.arrayContaining(['queue-settings'])),
    )
  },
)
