import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

import { startProgram } from './program.ts'
import { repository } from './repository.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ott-program-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** A program whose readiness is its third answer. */
const program = `
  import { createServer } from 'node:http'
  let asked = 0
  const health = (request, response) => {
    response.statusCode = request.url !== '/health/ready' ? 404 : ++asked < 3 ? 503 : 200
    response.end()
  }
  createServer(health).listen(process.env.HEALTH_PORT, '127.0.0.1')
  createServer((_, response) => response.end(JSON.stringify(process.env))).listen(process.env.PORT, '127.0.0.1')
  console.log('asked', () => asked)
`

async function writeProgram(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return relative(repository, file)
}

test('a program is ready when it says so, on the ports it was given', async () => {
  const file = await writeProgram('well.mjs', program)
  const running = await startProgram({ name: 'well', file, ports: ['PORT', 'HEALTH_PORT'], env: { COLOUR: 'blue' } })
  await running.untilReady()
  expect((await fetch(`${running.healthUrl}/health/ready`)).status).toBe(200)
  expect(running.url).not.toBe(running.healthUrl)
  const environment: unknown = await (await fetch(running.url)).json()
  expect(environment).toMatchObject({ COLOUR: 'blue', PATH: process.env['PATH'], PORT: new URL(running.url).port })
  await running.stop()
  await expect(fetch(running.url)).rejects.toThrow()
})

test('nothing of this process’s environment but PATH and HOME reaches a program', async () => {
  process.env['LOG_LEVEL'] = 'silent'
  const running = await startProgram({
    name: 'bare',
    file: await writeProgram('bare.mjs', program),
    ports: ['PORT', 'HEALTH_PORT'],
  })
  await running.untilReady()
  const environment: unknown = await (await fetch(running.url)).json()
  expect(environment).not.toHaveProperty('LOG_LEVEL')
  delete process.env['LOG_LEVEL']
  await running.stop()
})

test('a program that ends instead of getting ready is told as one that ended, not as one that is slow, with its output', async () => {
  const file = await writeProgram('ill.mjs', 'console.error("bad environment"); process.exit(1)')
  const running = await startProgram({ name: 'ill', file })
  await expect(running.untilReady()).rejects.toThrow(/ill ended \(exit code 1\)[^]*bad environment/)
})
