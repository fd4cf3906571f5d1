import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, expect, test } from '@jest/globals'

import { repository } from './repository.ts'

const require = createRequire(import.meta.url)
const { nodeFault }: { nodeFault: (version: string, path: string) => string | undefined } = require('../prepare.cjs')
const {
  installAdvice,
  markInstalled,
  needsInstall,
}: {
  installAdvice: (output: string) => Promise<string>
  markInstalled: (root: string) => void
  needsInstall: (root: string) => boolean
} = require('../prepare/install.cjs')
const {
  build,
  needsBuild,
  removeStale,
}: {
  build: (root: string) => Promise<string | undefined>
  needsBuild: (root: string) => boolean
  removeStale: (room: string) => void
} = require('../prepare/build.cjs')
const { listRooms }: { listRooms: (root: string) => string[] } = require('../prepare/rooms.cjs')
const { run }: { run: (command: string, args: string[]) => Promise<{ stdout: string }> } = require('../prepare/run.cjs')

let root: string

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

/** A repository of two rooms, installed. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ott-prepare-'))
  await cp(join(repository, 'pnpm-workspace.yaml'), join(root, 'pnpm-workspace.yaml'))
  await write('pnpm-lock.yaml', 'one')
  await write('package.json', '{"packageManager":"pnpm@10.0.0","devDependencies":{"node":"1"}}')
  await write('apps/one/package.json', '{"dependencies":{"zod":"4"}}')
  await write('apps/one/node_modules/zod/package.json', '{}')
  await write('packages/two/package.json', '{"name":"two"}')
  await write('apps/not-a-room/README.md', '')
  await mkdir(join(root, 'node_modules'))
  markInstalled(root)
})

afterEach(() => rm(root, { recursive: true }))

test('a Node too old is told what was found, what is needed and where to get it', () => {
  expect(nodeFault('v12.22.12', '/usr/bin/node')).toMatch(
    /Node 20 .*v12\.22\.12 \(\/usr\/bin\/node\).*https:\/\/nodejs\.org/,
  )
  expect(nodeFault('v19.9.0', '')).toBeDefined()
  expect([nodeFault('v20.0.0', ''), nodeFault('v100.1.0', '')]).toEqual([undefined, undefined])
})

test('the first file that runs keeps to what an old Node can read', async () => {
  const text = await readFile(join(repository, 'infra/local/prepare.cjs'), 'utf8')
  expect(text).not.toMatch(/\?\.|\?\?|\|\|=|#\w+ ?=|node:|catch \{|\.at\(/)
})

test('the rooms are the folders of pnpm-workspace.yaml that hold a package', () => {
  expect(listRooms(root)).toEqual(['apps/one', 'packages/two'])
  expect(listRooms(repository)).toEqual(expect.arrayContaining(['apps/ingress', 'packages/delivery', 'infra/local']))
})

test('what is installed is not installed again', () => {
  expect(needsInstall(root)).toBe(false)
})

test.each([
  ['the lock file changed', () => write('pnpm-lock.yaml', 'two')],
  [
    'another pnpm is asked for',
    () => write('package.json', '{"packageManager":"pnpm@11.0.0","devDependencies":{"node":"1"}}'),
  ],
  [
    'a room asks for another dependency',
    () => write('apps/one/package.json', '{"dependencies":{"zod":"4","undici":"8"}}'),
  ],
  ['there is a new room', () => write('packages/three/package.json', '{}')],
  ['a room has lost its node_modules', () => rm(join(root, 'apps/one/node_modules'), { recursive: true })],
  ['nothing was ever installed', () => rm(join(root, 'node_modules'), { recursive: true })],
])('packages are installed when %s', async (_reason, change) => {
  await change()
  expect(needsInstall(root)).toBe(true)
})

test('a script or a version number of a room is no reason to install anything', async () => {
  await write('packages/two/package.json', '{"name":"two","version":"2.0.0","scripts":{"test":"jest"}}')
  expect(needsInstall(root)).toBe(false)
})

test('a registry out of reach is told apart from a lock file out of date, and each with its remedy', async () => {
  expect(await installAdvice('ERR_PNPM_OUTDATED_LOCKFILE  Cannot install')).toMatch(/pnpm install.*commit/)
  expect(await installAdvice('ERR_PNPM_NO_MATCHING_VERSION')).toMatch(/what pnpm said is above/)
  expect(await installAdvice('request failed, reason: getaddrinfo ENOTFOUND registry')).toMatch(
    /registry.*https?:\/\/\S+.*HTTPS_PROXY/,
  )
})

/** Has the two rooms built, by a compiler that finds nothing wrong, and leaves what it made to the test. */
async function buildAll(): Promise<void> {
  await write('packages/two/src/line/a.ts', 'one')
  await write('packages/two/dist/line/a.js', 'one')
  await mkdir(join(root, 'node_modules/.bin'))
  await symlink('/bin/true', join(root, 'node_modules/.bin/tsc'))
  expect(await build(root)).toBeUndefined()
}

test('what is built is not built again', async () => {
  await buildAll()
  expect(needsBuild(root)).toBe(false)
})

test.each([
  ['a source changed', () => write('packages/two/src/line/a.ts', 'another')],
  ['there is a new source', () => write('apps/one/src/b.ts', '')],
  ['a source is gone', () => rm(join(root, 'packages/two/src/line/a.ts'))],
  ['what was built is gone', () => rm(join(root, 'packages/two/dist'), { recursive: true })],
  ['a room is compiled otherwise', () => write('packages/two/tsconfig.json', '{}')],
  ['all is compiled otherwise', () => write('tsconfig.base.json', '{}')],
  ['programs are bundled otherwise', () => write('infra/local/prepare/bundle.cjs', '')],
  ['other packages were installed', async () => write('node_modules/.installed', 'other')],
])('all is built when %s', async (_reason, change) => {
  await buildAll()
  await change()
  expect(needsBuild(root)).toBe(true)
})

test('what could not be built is built the next time', async () => {
  await mkdir(join(root, 'node_modules/.bin'))
  await symlink('/bin/false', join(root, 'node_modules/.bin/tsc'))
  expect(await build(root)).toBeDefined()
  expect(needsBuild(root)).toBe(true)
})

/** Has a program of two files built, the second of which is read only at need. */
async function buildProgram(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  await mkdir(join(root, 'node_modules/.bin'))
  await symlink('/bin/true', join(root, 'node_modules/.bin/tsc'))
  for (const [name, text] of Object.entries(files)) {
    await write(`apps/one/src/${name}.ts`, text)
    await write(`apps/one/dist/${name}.js`, text)
  }
  return build(root)
}

test('a program is bundled: it runs without the files that it was made of', async () => {
  const program = `import { word } from './word.js'\nconsole.log(word, await import('./late.js').then(({ late }) => late))`
  const files = { program, word: `export const word = 'bundled'`, late: `export const late = 'at need'` }
  expect(await buildProgram(files)).toBeUndefined()
  for (const name of Object.keys(files)) await rm(join(root, `apps/one/dist/${name}.js`))
  const { stdout } = await run(process.execPath, [join(root, 'apps/one/dist/main.js')])
  expect(stdout).toBe('bundled at need\n')
})

test('a program whose bundle is gone is built', async () => {
  expect(await buildProgram({ program: '' })).toBeUndefined()
  expect(needsBuild(root)).toBe(false)
  await rm(join(root, 'apps/one/dist/main.js'))
  expect(needsBuild(root)).toBe(true)
})

test('what cannot be bundled is told, and tried the next time', async () => {
  expect(await buildProgram({ program: `import './nowhere.js'` })).toMatch('./nowhere.js')
  expect(needsBuild(root)).toBe(true)
})

test('what was built from a source that is gone goes too, and nothing else does', async () => {
  const kept = [
    'src/a.ts',
    'src/line/b.test.ts',
    'dist/a.js',
    'dist/a.d.ts',
    'dist/line/b.test.js.map',
    'dist/.tsbuildinfo',
  ]
  const stale = ['dist/gone.test.js', 'dist/gone.test.js.map', 'dist/line/gone.d.ts']
  for (const path of [...kept, ...stale]) await write(`packages/two/${path}`, '')
  removeStale(join(root, 'packages/two'))
  expect(kept.filter((path) => !existsSync(join(root, 'packages/two', path)))).toEqual([])
  expect(stale.filter((path) => existsSync(join(root, 'packages/two', path)))).toEqual([])
})
