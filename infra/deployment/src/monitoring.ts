import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { repository } from '@ott/local'
import { parse, stringify } from 'yaml'
import { z } from 'zod'

/** A file that is made of others, both from the repository's root. */
export type MadeFile = { readonly file: string; readonly text: string }

const folder = 'infra/kubernetes/prometheus-operator'

/** Kustomize reads nothing outside of a component's own folder, and cannot lay a file of rules into an object. */
const head = (sources: string): string => `# Made of ${sources} by \`npm run manifests\`, and held true by a test.\n`

/** What the Prometheus Operator's component has of the rules and the dashboard that are in infra for everybody. */
export async function monitoringManifests(): Promise<readonly MadeFile[]> {
  const rules = await Promise.all(['recordings', 'alerts'].map(toPrometheusRule))
  return [
    { file: `${folder}/prometheus-rules.yaml`, text: head('infra/prometheus') + rules.join('---\n') },
    { file: `${folder}/dashboard.yaml`, text: head('infra/grafana') + (await toDashboard()) },
  ]
}

/** An object for each file: the groups of one have names of their own, those of both need not. */
async function toPrometheusRule(name: string): Promise<string> {
  const text = await readFile(join(repository, `infra/prometheus/${name}.yaml`), 'utf8')
  return toYaml({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: `ott-dispatcher-${name}` },
    spec: z.object({ groups: z.array(z.unknown()) }).parse(parse(text)),
  })
}

/** With the label that the sidecar of Grafana's chart looks for. */
async function toDashboard(): Promise<string> {
  const text = await readFile(join(repository, 'infra/grafana/ott-dispatcher.json'), 'utf8')
  return toYaml({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'ott-dispatcher-dashboard', labels: { grafana_dashboard: '1' } },
    data: { 'ott-dispatcher.json': JSON.stringify(JSON.parse(text)) },
  })
}

function toYaml(manifest: object): string {
  return stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false })
}
