import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseEnv } from 'node:util'

import {
  bareNode,
  findPrograms,
  green,
  type LocalRedis,
  print,
  repository,
  startChild,
  startProgram,
  startRedis,
  stayFor,
  whileWaiting,
} from '@ott/local'

import { argumentsOf } from './dockerfile.ts'

// `npm run rehearse`: whether the images would run, on a machine without Docker. For every program it makes the folder that its image
// has, with the Dockerfile's own command, and starts it there as the image would, on a real Redis, until it is ready.

/** What the build puts into the image. */
const imageFolder = '/program'

/** Of a folder of packages, as pnpm keeps them: `zod@4.6.7`, with its peers behind it. */
const store = 'node_modules/.pnpm'

const ports: Readonly<Record<string, readonly string[]>> = {
  board: ['PORT'],
  ingress: ['PORT', 'HEALTH_PORT'],
  sandbox: ['PORT'],
}

const aKey = Buffer.alloc(32, 1).toString('base64')

try {
  await stayFor(rehearseAll())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function rehearseAll(): Promise<void> {
  const redis = await startRedis()
  try {
    for (const app of await findPrograms()) await rehearse(app, redis)
  } finally {
    await redis.stop()
  }
}

async function rehearse(app: string, { url }: LocalRedis): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `ott-image-${app}-`))
  try {
    await whileWaiting(`Making the folder of ${app}'s image`, makeFolder(app, folder))
    const packages = await packagesIn(folder)
    const tested = new Set(await packagesIn(repository))
    const strangers = packages.filter((name) => !tested.has(name))
    if (strangers.length > 0) throw new Error(`${app}: nobody has tested ${strangers.join(', ')}`)
    if (packages.some((name) => name.startsWith('jest@')))
      throw new Error(`${app}: what tests want is in the image too`)
    await whileWaiting(`Starting ${app} in it`, startIn(folder, app, url))
    print(`${green('✓')} ${app} is ready: ${packages.length} packages`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The packages of others that are in a folder, with their versions. */
async function packagesIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, store))
  return names.filter((name) => /^[^.].*@\d/.test(name)).map((name) => name.replace(/_.*$/, ''))
}

/** The build stage's last command, for one program and another folder. */
async function makeFolder(app: string, folder: string): Promise<void> {
  const command = argumentsOf('RUN', 0).at(-1)?.replace(imageFolder, folder) ?? ''
  const args = ['-c', `cd '${repository}' && ${command}`]
  const child = await startChild({ command: 'sh', args, env: { ...process.env, APP: app } })
  const how = await child.ended
  if (how !== 'exit code 0') throw new Error(`${app}: ${command} ended with ${how}:\n${child.tail()}`)
}

async function startIn(folder: string, app: string, redisUrl: string): Promise<void> {
  const ofImage = parseEnv(argumentsOf('ENV', 1).join(' ').replaceAll(' ', '\n'))
  const { HOST: _everywhere, PORT: _port, HEALTH_PORT: _healthPort, REVISION: _argument, ...image } = ofImage
  const program = await startProgram({
    name: app,
    file: relative(repository, join(folder, 'dist/main.js')),
    ports: ports[app] ?? ['HEALTH_PORT'],
    node: bareNode,
    env: {
      ...image,
      REDIS_URL: redisUrl,
      CREDENTIALS_KEY: aKey,
      TOKEN_KEY: aKey,
      NETWORK: 'line',
      BOARD_USERS: 'erin:scrypt$c2FsdA$aGFzaA',
    },
  })
  try {
    await program.untilReady()
  } finally {
    await program.stop()
  }
}
