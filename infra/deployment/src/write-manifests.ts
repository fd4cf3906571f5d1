import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { print, repository } from '@ott/local'

import { monitoringManifests } from './monitoring.ts'

// `npm run manifests`: makes anew what infra/kubernetes has of infra/prometheus and infra/grafana.

for (const { file, text } of await monitoringManifests()) {
  await writeFile(join(repository, file), text)
  print(file)
}
