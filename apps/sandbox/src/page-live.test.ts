import { afterEach, beforeEach, expect } from '@jest/globals'
import { testInBrowser } from '@ott/local/browser'

import { type ChattySandbox, openChattySandbox } from './test-chats.ts'
import { usePage } from './test-page.ts'

const open = usePage()
let sandbox: ChattySandbox
beforeEach(async () => {
  sandbox = await openChattySandbox()
})
afterEach(() => sandbox.close())

const push = (words: string) => sandbox.push([{ type: 'text', text: words }])

testInBrowser('a page whose connection was lost comes back by itself, with everything once', async () => {
  await push('before')
  const page = await open(sandbox)
  // Chromium tells the console of what is done to its connections here.
  page.removeAllListeners('console')
  await page.getByText('before').waitFor()
  // The first time it returns somebody answers who has no such stream, after which a browser does not try again.
  await page.route('**/sandbox/events*', (route) => route.fulfill({ status: 503 }), { times: 1 })
  sandbox.cut()
  await page.locator('.state.lost').waitFor()
  await push('meanwhile')
  await push('meanwhile too')
  await page.locator('.state.live').waitFor()
  await push('after')
  await page.getByText('after', { exact: true }).waitFor()
  const all = ['before', 'meanwhile', 'meanwhile too', 'after']
  expect(await page.locator('.line .bubble').allInnerTexts()).toEqual(all)
  sandbox.cut()
  await page.locator('.state.lost').waitFor()
  await page.locator('.state.live').waitFor()
  await push('at last')
  await page.getByText('at last').waitFor()
  expect(await page.locator('.line .bubble').allInnerTexts()).toEqual([...all, 'at last'])
})

testInBrowser('of many messages the latest of each network are shown, and it is told how many there are', async () => {
  for (let sent = 0; sent < 290; sent += 58) await Promise.all(Array.from({ length: 58 }, () => push('one of many')))
  await sandbox.send({ text: 'long ago, for a phone of its own' })
  for (let sent = 1; sent < 10; sent += 1) await push(`late ${sent}`)
  const page = await open(sandbox)
  await page.getByText('the latest 251 of 300 received').waitFor()
  await page.getByText('long ago').waitFor()
  expect(await page.locator('.line .bubble').last().innerText()).toBe('late 9')
  await push('one more')
  await page.getByText('one more').waitFor()
  await page.getByText('the latest 251 of 301 received').waitFor()
  expect(await page.locator('.line .bubble').count()).toBe(250)
})

testInBrowser(
  'what is cleared is gone from every page, and numbers that are counted on do not confuse it',
  async () => {
    const page = await open(sandbox)
    await push('old')
    await page.getByText('old', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await page.locator('.line .empty').waitFor()
    await push('new')
    await page.getByText('new', { exact: true }).waitFor()
    expect(await page.locator('.line .bubble').allInnerTexts()).toEqual(['new'])
  },
)
