import { z } from 'zod'

import { type Manifest, readManifests } from './manifests.ts'
import type { Variables } from './programs.ts'

const Probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) })

/** A variable of a container. */
export const Variable = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }).optional() }).optional(),
})

const Container = z.object({
  image: z.string(),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })),
  env: z.array(Variable),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  startupProbe: Probe,
  readinessProbe: Probe,
  livenessProbe: Probe,
  lifecycle: z
    .object({ preStop: z.object({ exec: z.object({ command: z.tuple([z.literal('sleep'), z.string()]) }) }) })
    .optional(),
})

const Deployment = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.number().optional(),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({ terminationGracePeriodSeconds: z.number(), containers: z.tuple([Container]) }),
    }),
  }),
})

/** The Deployment of one program, with the one container in it. */
export type Deployment = ReturnType<typeof toDeployment>

/** The Deployments of infra/kubernetes. */
export async function readDeployments(): Promise<Deployment[]> {
  const manifests = await readManifests('.')
  return manifests.filter(({ kind }) => kind === 'Deployment').map(toDeployment)
}

function toDeployment(manifest: Manifest) {
  const { metadata, spec } = Deployment.parse(manifest)
  const [container] = spec.template.spec.containers
  return {
    name: metadata.name,
    app: container.image.replace('ott-dispatcher-', ''),
    replicas: spec.replicas,
    labels: spec.template.metadata.labels,
    graceSeconds: spec.template.spec.terminationGracePeriodSeconds,
    container,
  }
}

/** The environment of a container, with the ConfigMaps that it names and these secrets, which are named `<secret>/<key>`. */
export function environmentOf(
  { container }: Deployment,
  manifests: readonly Manifest[],
  secrets: Variables,
): Variables {
  const settings = container.envFrom.map(({ configMapRef: { name } }) => {
    const found = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)
    return z.object({ data: z.record(z.string(), z.string()) }).parse(found).data
  })
  const own = container.env.map(({ name, value, valueFrom: { secretKeyRef: secret } = {} }) => {
    const found = secret === undefined ? value : secrets[`${secret.name}/${secret.key}`]
    if (found === undefined) throw new Error(`${name} has no value: there is no ${secret?.name}/${secret?.key}`)
    return [name, found]
  })
  return Object.assign({}, ...settings, Object.fromEntries(own))
}
