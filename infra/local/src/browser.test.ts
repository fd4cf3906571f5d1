import { createServer } from 'node:http'

import { afterAll, beforeAll, expect } from '@jest/globals'

import { testInBrowser, useBrowser } from './browser.ts'
import { freePort } from './ports.ts'

const page = '<!doctype html><title>Chats</title><p id="script"></p><script>script.textContent = "it runs"</script>'
const server = createServer((_request, response) => response.end(page))
let url = ''

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
})
afterAll(() => void server.close())

const open = useBrowser()

testInBrowser('a page is shown, and its scripts run', async () => {
  const shown = await open(url, { width: 400, height: 300 })
  expect([await shown.title(), await shown.textContent('#script')]).toEqual(['Chats', 'it runs'])
  expect(shown.viewportSize()).toEqual({ width: 400, height: 300 })
})
