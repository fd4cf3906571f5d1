import { beforeAll, expect } from '@jest/globals'
import { accepted, type Receipt, refused } from '@ott/delivery'
import type { Program } from '@ott/local'
import { photograph, testInBrowser, useBrowser } from '@ott/local/browser'
import { startTcpProxy, type TcpProxy, untilTrue, useRedis } from '@ott/local/testing'

import { useFleet } from '../use-fleet.ts'
import { enter, startBoard } from '../visitor.ts'
import { keepBusy } from './busy-fleet.ts'

const server = useRedis()
const fleet = useFleet(server, ['line', 'messenger'])
const open = useBrowser()

const [shop, closed] = ['1650000000', '1650000001']
const answers = new Map<string, Receipt>([[closed, refused('credentials', 'LINE answered 401: Authentication failed')]])

let proxy: TcpProxy
let board: Program

beforeAll(async () => {
  proxy = await startTcpProxy(server.url)
  server.onStop(() => proxy.close())
  board = await startBoard(server, { REDIS_URL: proxy.url })
  for (const id of [shop, closed]) await fleet.register('line', id)
})

/** The operations page, of who has logged in. */
const openPage = async (window?: { width: number; height: number }) => {
  const page = await open(`${board.url}/`, window)
  await enter(page)
  return page
}

type Page = Awaited<ReturnType<typeof openPage>>

/** What a card says of one thing now, such as how many are waiting on LINE. */
const figure = (page: Page, card: string, name: string) =>
  page.getByRole('region', { name: `${card} now` }).locator('div', { hasText: name }).locator('dd').textContent()

testInBrowser('who logs in sees how many deliveries wait, and how they are sent', async () => {
  const page = await openPage()
  expect(new URL(page.url()).pathname).toBe('/operations')
  await fleet.send('line', shop, 30)
  await fleet.send('line', shop, 10, 'reply')
  await untilTrue(async () => (await figure(page, 'LINE', 'waiting')) === '40')
  const chart = page.getByRole('img', { name: /^LINE: on the queue: replies 10, usual 30, over share 0, in hand 0, put off 0$/ })
  expect(await chart.count()).toBe(1)

  fleet.start(async ({ sender }) => answers.get(sender) ?? accepted('push', ['1']))
  await untilTrue(async () => (await figure(page, 'LINE', 'waiting')) === '0')
  await page.getByRole('row', { name: /^sent 40 0/ }).waitFor()
  await page.getByText('well: what comes is delivered').first().waitFor()
})

testInBrowser('under load the page goes on, in the light and in the dark, at a desk and on a phone', async () => {
  const desk = await openPage()
  await keepBusy(fleet, process.env['OTT_SCREENSHOTS'] === '1' ? 90_000 : 2000)
  await photograph(desk, 'operations')
  await desk.screenshot({ path: '/tmp/ops-full.png', fullPage: true })
  await desk.emulateMedia({ colorScheme: 'dark' })
  await desk.waitForTimeout(2500)
  await desk.screenshot({ path: '/tmp/ops-dark.png', fullPage: true })
  const phone = await openPage({ width: 390, height: 844 })
  await phone.waitForTimeout(3000)
  await phone.screenshot({ path: '/tmp/ops-phone.png', fullPage: true })
})
