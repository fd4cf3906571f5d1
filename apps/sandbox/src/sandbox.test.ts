import { setImmediate } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from '@jest/globals'

import { openTestSandbox, type TestSandbox } from './test-sandbox.ts'

let sandbox: TestSandbox
beforeEach(async () => {
  sandbox = await openTestSandbox()
})
afterEach(() => sandbox.close())

const send = { recipient: { id: '1' }, messaging_type: 'RESPONSE', message: { text: 'a' } }

test('it is live and ready', async () => {
  expect((await sandbox.call('/health/live')).status).toBe(200)
  expect((await sandbox.call('/health/ready')).status).toBe(200)
})

test('the page and all it is made of are served, and nothing else runs in it', async () => {
  const page = await sandbox.call('/')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
  const parts = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => String(path))
  expect(parts).toContain('/page.js')
  for (const path of parts) expect((await sandbox.call(path)).status).toBe(200)
  expect((await sandbox.call('/', {})).status).toBe(405)
})

test('what is not there is not found, in JSON', async () => {
  for (const path of ['/nothing', '/../package.json', '/line', '/messenger', '/sandbox'])
    expect([400, 404]).toContain((await sandbox.call(path)).status)
})

test('stopping does not wait for an answer that is held back', async () => {
  const held = await openTestSandbox()
  await held.control('/faults', { network: 'messenger', fault: 'slow', delayMs: 600_000 })
  const answer = expect(held.call('/messenger/v26.0/1/messages?access_token=t', send)).rejects.toThrow()
  await until(async () => JSON.stringify(await held.control('/faults')) === '{"faults":[]}')
  await held.close()
  await answer
})

/** The test's own time limit is the deadline. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setImmediate()
}
