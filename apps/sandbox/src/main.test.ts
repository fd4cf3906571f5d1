import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { expect, test } from '@jest/globals'
import { z } from 'zod'

const Listening = z.object({ url: z.string() })
const main = fileURLToPath(new URL('main.js', import.meta.url))

function start(environment: Record<string, string>) {
  return spawn(process.execPath, [main], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
}

test('the program serves until it is told to stop', async () => {
  const program = start({ PORT: '0' })
  const exited = once(program, 'exit')
  try {
    const [line] = await once(createInterface(program.stdout), 'line')
    const { url } = Listening.parse(JSON.parse(String(line)))
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html')
  } finally {
    program.kill('SIGTERM')
  }
  expect(await exited).toEqual([0, null])
})

/** What a start that fails says. */
async function whyNot(environment: Record<string, string>): Promise<string> {
  const program = start({ PORT: '0', ...environment })
  const told: string[] = []
  program.stderr.on('data', (data: Buffer) => told.push(data.toString()))
  expect(await once(program, 'close')).toEqual([1, null])
  return told.join('')
}

test('a setting that makes no sense ends the program, and is named', async () => {
  const told = await whyNot({ LEDGER_MAX: 'many', REPLY_TOKEN_LIFETIME_SECONDS: '0', OTT_URL: 'ftp://here' })
  expect(told).toMatch(/REPLY_TOKEN_LIFETIME_SECONDS.*LEDGER_MAX.*OTT_URL: must be an http or https URL/s)
})

test('half of a client ends the program, and its secret is not repeated', async () => {
  const told = await whyNot({ OTT_CLIENT_SECRET: 'hunter2' })
  expect(told).toContain('OTT_CLIENT_SECRET: must be set together with OTT_CLIENT_ID')
  expect(told).not.toContain('hunter2')
})
