import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'
import { repository, runOnce } from '@ott/local'
import { useRedis } from '@ott/local/testing'
import { z } from 'zod'

import { readServices } from './compose.ts'
import { Variable } from './deployments.ts'
import { newEnv, readEnvFile } from './env-file.ts'
import { readManifests } from './manifests.ts'

const redis = useRedis()
const variables = await newEnv()

const ott = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> =>
  runOnce({ file: 'apps/cli/dist/main.js', args, env })

/** What `ott` reads, by its own help: of all commands, and of those that call the API. */
const help = await Promise.all([ott(['--help'], {}), ott(['send', '--help'], {})])
const settings = [...help.join('').matchAll(/^ {2}([A-Z_]{5,}) {2,}/gm)].map(([, name = '']) => name).toSorted()

test('under Compose `ott` is given all that it reads, and a folder to work in', async () => {
  expect(settings).toEqual(expect.arrayContaining(['REDIS_URL', 'OTT_CLIENT_SECRET']))
  const set = { ENDPOINT_HOSTS: 'a', OTT_CLIENT_ID: 'a', OTT_CLIENT_SECRET: 'a' }
  const { ott: service } = await readServices({ ...variables, ...set })
  expect(Object.keys(service?.environment ?? {}).toSorted()).toEqual(settings)
  expect(service?.volumes).toEqual([`./work:${service?.working_dir}`])
})

const Pod = z.object({
  spec: z.object({
    securityContext: z.object({ runAsNonRoot: z.literal(true) }),
    containers: z.tuple([
      z.object({
        env: z.array(Variable),
        workingDir: z.string(),
        volumeMounts: z.tuple([z.object({ mountPath: z.string() })]),
        securityContext: z.object({
          allowPrivilegeEscalation: z.literal(false),
          readOnlyRootFilesystem: z.literal(true),
          capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
        }),
      }),
    ]),
  }),
})

test('in Kubernetes `ott` is given all that it reads, its secrets by reference, and a folder to work in', async () => {
  const pod = (await readManifests('ott')).find(({ kind }) => kind === 'Pod')
  const [{ env, workingDir, volumeMounts }] = Pod.parse(pod).spec.containers
  expect(env.map(({ name }) => name).toSorted()).toEqual(settings)
  expect(env.filter(({ value }) => value !== undefined).map(({ name }) => name)).toEqual(['OTT_URL'])
  expect(workingDir).toBe(volumeMounts[0].mountPath)
})

test('under systemd `ott` makes the first client with its environment file, once the key is there', async () => {
  const begun = await readEnvFile(join(repository, 'infra/systemd/env/ott.env'))
  expect(settings).toEqual(expect.arrayContaining(Object.keys(begun)))
  const filled = { ...begun, REDIS_URL: redis.url, CREDENTIALS_KEY: variables['CREDENTIALS_KEY'] ?? '' }
  const folder = await mkdtemp(join(tmpdir(), 'ott-env-'))
  try {
    const OTT_ENV_FILE = join(folder, 'ott.env')
    await writeFile(
      OTT_ENV_FILE,
      Object.entries(filled)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    const create = ['client', 'create', '--name', 'Web shop', '--account', 'shop', '--scope', 'ott_chat_messaging_send']
    expect(await ott([...create, '--json'], { OTT_ENV_FILE })).toContain('client_secret')
    expect(await ott(['sender', 'list', '--account', 'shop', '--json'], { OTT_ENV_FILE })).toBe('[]\n')
  } finally {
    await rm(folder, { recursive: true })
  }
})
