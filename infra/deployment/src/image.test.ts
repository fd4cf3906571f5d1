import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterEach, expect, test } from '@jest/globals'
import { freePort, repository, usualNode } from '@ott/local'
import { listen, type Listening } from '@ott/runtime'
import { validate } from 'dockerfile-utils'
import { parse } from 'yaml'

import { argumentsOf, dockerfile, dockerfileText } from './dockerfile.ts'

test('the Dockerfile has no fault that a linter finds', () => {
  expect(validate(dockerfileText)).toEqual([])
})

test('the image has the Node that everything here is tested with', async () => {
  const { catalog } = parse(await readFile(join(repository, 'pnpm-workspace.yaml'), 'utf8'))
  expect(dockerfile.getInitialARGs().map((each) => each.getArgumentsContent())).toEqual([
    `NODE_IMAGE=node:${catalog.node}-bookworm-slim`,
  ])
  expect(dockerfile.getFROMs().map((each) => each.getImage())).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}'])
})

test('packages are fetched before sources are copied, so that a change of these fetches none again', () => {
  const stage = dockerfile.getInstructions().map((each) => `${each.getKeyword()} ${each.getArgumentsContent()}`)
  const [fetching, copying] = ['RUN npx -y', 'COPY . .'].map((head) => stage.findIndex((each) => each.startsWith(head)))
  expect(stage[fetching ?? 0]).toMatch(/ fetch$/)
  expect(fetching).toBeLessThan(copying ?? 0)
  expect(argumentsOf('COPY', 0)).toEqual(['package.json pnpm-lock.yaml pnpm-workspace.yaml ./', '. .'])
})

test('programs run in the image as they do here', () => {
  const variables = { NODE_OPTIONS: usualNode.arguments.join(' '), ...usualNode.environment }
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  expect(argumentsOf('ENV', 1).join(' ').split(' ')).toEqual(expect.arrayContaining(lines))
})

test('a program in the image tells the revision that the image was built with', () => {
  expect(argumentsOf('ARG', 1)).toContain('REVISION')
  expect(argumentsOf('ENV', 1)).toContain('REVISION=${REVISION}')
})

test('no program runs as root in the image', () => {
  expect(argumentsOf('USER', 1)).toEqual(['node'])
})

const servers: Listening[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** Serves health as a program would, or without ever an answer, and returns its port. */
async function serveHealth(status: number | 'mute'): Promise<string> {
  const answer: RequestListener = ({ url }, response) => {
    if (status !== 'mute') response.writeHead(url === '/health/live' ? status : 404).end('x')
  }
  const server = await listen(answer, { host: '127.0.0.1', port: 0, variable: 'PORT' })
  servers.push(server)
  return new URL(server.url).port
}

/** The exit code of the image's HEALTHCHECK beside a program with this environment. */
async function checkHealth(env: Readonly<Record<string, string>>): Promise<number> {
  const run = promisify(execFile)(process.execPath, [join(repository, 'infra/healthcheck.mjs')], { env: { ...env } })
  return run.then(
    () => 0,
    ({ code }: { code: number }) => code,
  )
}

test('a container is healthy while its program says that it is live', async () => {
  const [well, ill, nobody] = [await serveHealth(200), await serveHealth(503), String(await freePort())]
  expect(await checkHealth({ HEALTH_PORT: well, PORT: nobody })).toBe(0)
  expect(await checkHealth({ HEALTH_PORT: nobody, PORT: well })).toBe(0)
  expect(await checkHealth({ HEALTH_PORT: ill, PORT: well })).toBe(1)
  expect(await checkHealth({ HEALTH_PORT: nobody, PORT: nobody })).toBe(1)
  expect(await checkHealth({ HEALTH_PORT: await serveHealth('mute'), PORT: well })).toBe(1)
})
