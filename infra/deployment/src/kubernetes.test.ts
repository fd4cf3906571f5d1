import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from '@jest/globals'
import { findPrograms, repository } from '@ott/local'
import { networks } from '@ott/networks'
import { stopLimitMs } from '@ott/runtime'
import { z } from 'zod'

import { environmentOf, readDeployments } from './deployments.ts'
import { faultsOfManifest } from './manifest-faults.ts'
import {
  type Image,
  type Manifest,
  manifestFolder,
  parseManifests,
  readKustomization,
  readManifests,
} from './manifests.ts'
import { faultsOf } from './programs.ts'

const programs = await findPrograms()
const manifests = await readManifests('.')
const folders = (await readdir(manifestFolder, { withFileTypes: true })).filter((entry) => entry.isDirectory())
const components = (await Promise.all(folders.map(({ name }) => readManifests(name)))).flat()
const deployments = await readDeployments()
const named = deployments.map((deployment) => [deployment.name, deployment] as const)

const aKey = Buffer.alloc(32, 1).toString('base64')
const secrets = {
  'redis/url': 'rediss://user:password@redis.example.com:6379',
  'keys/credentials': aKey,
  'keys/token': aKey,
  'board/users': 'erin:scrypt$c2FsdA$aGFzaA',
  'board/session-key': aKey,
}

const run = promisify(execFile)
const kubectl = await run('kubectl', ['version', '--client']).then(
  () => true,
  () => false,
)
const testWithKubectl = kubectl ? test : test.skip

test.each([...manifests, ...components].map((manifest) => [manifest.kind, manifest.metadata.name, manifest] as const))(
  'the %s %s is what Kubernetes takes, and nothing in it is overlooked',
  (_kind, _name, manifest) => {
    expect(faultsOfManifest(manifest)).toEqual([])
  },
)

test('a field that Kubernetes does not know is found, and so is a value that it does not take', () => {
  const service = manifests.find(({ kind }) => kind === 'Service')
  if (service === undefined) throw new Error('there is a Service')
  expect(faultsOfManifest({ ...service, spec: { selectors: {} } })).toEqual(['nobody reads /spec/selectors'])
  expect(faultsOfManifest({ ...service, spec: { ports: '80' } }).join()).toContain('array')
})

test.each(['.', ...folders.map(({ name }) => name)])('every file of %s is put on the cluster', async (folder) => {
  const files = (await readdir(join(manifestFolder, folder))).filter((file) => file.endsWith('.yaml'))
  const { resources } = await readKustomization(folder)
  const others = folder === '.' ? ['kustomization.yaml', 'program.yaml'] : ['kustomization.yaml']
  expect(files.toSorted()).toEqual([...resources, ...others].toSorted())
})

test('every program but the sandbox has a Deployment, and every network its worker', () => {
  const deployed = new Set(deployments.map(({ app }) => app))
  expect(programs.filter((app) => app !== 'sandbox' && !deployed.has(app))).toEqual([])
  const workers = deployments.filter(({ app }) => app === 'worker')
  const taken = workers.map((each) => environmentOf(each, manifests, secrets)['NETWORK'])
  expect(new Set(taken)).toEqual(new Set(Object.keys(networks)))
})

test.each(named.filter(([, { app }]) => programs.includes(app)))(
  'the program of %s takes the environment that its pods have, and listens on the ports that they name',
  async (_name, deployment) => {
    const environment = environmentOf(deployment, manifests, secrets)
    expect(await faultsOf(deployment.app, environment)).toEqual([])
    const ports = deployment.container.ports.map(({ containerPort }) => String(containerPort))
    const listening = [environment['PORT'], environment['HEALTH_PORT']].filter((port) => port !== undefined)
    expect(ports).toEqual(listening)
  },
)

test.each(named)('a pod of %s is asked for its health where it answers for it', (_name, { container }) => {
  const { ports, startupProbe, readinessProbe, livenessProbe } = container
  expect(ports.map(({ name }) => name)).toContain('health')
  expect([startupProbe, readinessProbe, livenessProbe].map(({ httpGet }) => httpGet)).toEqual([
    { path: '/health/live', port: 'health' },
    { path: '/health/ready', port: 'health' },
    { path: '/health/live', port: 'health' },
  ])
})

test.each(named)('a pod of %s has the time to stop that its program takes', (_name, { graceSeconds, container }) => {
  const beforeSeconds = Number(container.lifecycle?.preStop.exec.command[1] ?? 0)
  expect((graceSeconds - beforeSeconds) * 1000).toBeGreaterThan(stopLimitMs)
})

const labels = z.record(z.string(), z.string())
const Selecting = z.object({
  selector: z.union([z.object({ matchLabels: labels }).transform(({ matchLabels }) => matchLabels), labels]),
})
const Scaling = z.object({ scaleTargetRef: z.object({ name: z.string() }) })

test('a Deployment, a Service and a disruption budget are about the pods of their name', () => {
  const kinds = new Set(['Deployment', 'Service', 'PodDisruptionBudget'])
  for (const { metadata, spec } of manifests.filter(({ kind }) => kinds.has(kind))) {
    const { selector } = Selecting.parse(spec)
    expect(selector).toEqual({ 'app.kubernetes.io/name': metadata.name })
    expect(deployments.find(({ name }) => name === metadata.name)?.labels).toMatchObject(selector)
  }
})

test('only one thing says how many pods there are: whoever scales them', () => {
  const scaledHere = manifests.flatMap(({ spec }) => Scaling.safeParse(spec).data?.scaleTargetRef.name ?? [])
  expect(scaledHere).toEqual(deployments.filter(({ replicas }) => replicas === undefined).map(({ name }) => name))
  const scaledByKeda = components.flatMap(({ spec }) => Scaling.safeParse(spec).data?.scaleTargetRef.name ?? [])
  const workers = deployments.filter(({ app }) => app === 'worker')
  expect(scaledByKeda).toEqual(workers.map(({ name }) => name))
})

test('the images of all programs have the version of this release', async () => {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')))
  const images = [...(await readKustomization('.')).images, ...(await readKustomization('ott')).images]
  const used = new Set([...deployments.map(({ container }) => container.image), 'ott-dispatcher-cli'])
  expect(images.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
    [...used].toSorted().map((name) => ({ name, newTag: version })),
  )
})

testWithKubectl('kubectl makes of the files what is tested here', async () => {
  expect(await kubectlMakes('.')).toEqual(specs(manifests, (await readKustomization('.')).images))
  expect(await kubectlMakes('ott')).toEqual(specs(await readManifests('ott'), (await readKustomization('ott')).images))
})

/** Of each object of a folder what it asks for, by kind and name, as kubectl has it. */
async function kubectlMakes(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await run('kubectl', ['kustomize', join(manifestFolder, folder)])
  return specs(parseManifests(stdout), [])
}

/** The same as the tests have it, with the tags of these images. */
function specs(all: readonly Manifest[], images: readonly Image[]): Readonly<Record<string, unknown>> {
  const asked = Object.fromEntries(all.map(({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, spec]))
  const tagged = images.reduce(
    (text, { name, newTag }) => text.replaceAll(`"${name}"`, `"${name}:${newTag}"`),
    JSON.stringify(asked),
  )
  return z.record(z.string(), z.unknown()).parse(JSON.parse(tagged))
}
