import { beforeAll, expect } from '@jest/globals'
import { accepted } from '@ott/delivery'
import type { Program } from '@ott/local'
import { photograph, testInBrowser, useBrowser } from '@ott/local/browser'
import { startTcpProxy, type TcpProxy, untilTrue, useRedis } from '@ott/local/testing'

import { useFleet } from '../use-fleet.ts'
import { type BrowserPage, enter, startBoard } from '../visitor.ts'
import { keepBusy, makeAnswer, senders } from './busy-fleet.ts'

const server = useRedis()
const fleet = useFleet(server, ['line', 'messenger'])
const open = useBrowser()

/** A picture is worth looking at when there is something on its charts. */
const busyMs = process.env['OTT_SCREENSHOTS'] === '1' ? 150_000 : 2000

let proxy: TcpProxy
let board: Program
let isMended = false

beforeAll(async () => {
  proxy = await startTcpProxy(server.url)
  server.onStop(() => proxy.close())
  board = await startBoard(server, { REDIS_URL: proxy.url })
  await fleet.register('messenger', senders.page)
  for (const id of [senders.line, senders.flooding, senders.closed, senders.spent]) await fleet.register('line', id)
})

/** What one who has logged in comes to. */
async function openPage(window?: { width: number; height: number }): Promise<BrowserPage> {
  const page = await open(board.url, window)
  await enter(page)
  return page
}

/** One figure of a card at the top of the page, such as how many are waiting on LINE. */
function figure(page: BrowserPage, card: string, name: string): Promise<string | null> {
  const ofCard = page.getByRole('region', { name: `${card} now` })
  return ofCard.locator('div', { hasText: name }).locator('dd').textContent()
}

testInBrowser('who logs in sees how many deliveries wait, and how they are sent', async () => {
  const page = await openPage()
  await fleet.send('line', senders.line, 30)
  await fleet.send('line', senders.line, 10, 'reply')
  await untilTrue(async () => (await figure(page, 'LINE', 'waiting')) === '40')
  const chart = page.getByRole('img', { name: /^LINE: on the queue: replies 10, usual 30, over share 0, in hand 0/ })
  expect(await chart.count()).toBe(1)

  const answerAsUsual = makeAnswer()
  fleet.start((delivery) => (isMended ? Promise.resolve(accepted('push', ['1'])) : answerAsUsual(delivery)))
  await untilTrue(async () => (await figure(page, 'LINE', 'waiting')) === '0')
  await page.getByRole('row', { name: /^sent \d+ 0/ }).waitFor()
  await page.getByText('what comes is delivered').first().waitFor()
})

testInBrowser(
  'a parked sender is listed with the reason and with how many wait for it, until it is mended',
  async () => {
    const page = await openPage()
    await fleet.send('line', senders.closed, 7)
    const row = page.getByRole('row', { name: new RegExp(`^LINE ${senders.closed}.*of shop credentials.* 7$`) })
    await row.waitFor()
    await page.getByText('a sender is parked').waitFor()
    const figures = String(await page.evaluate("fetch('/operations/figures').then((answer) => answer.text())"))
    expect(figures).toContain(senders.closed)
    // Whom deliveries are for, what they say, and what a network has said of them.
    for (const kept of ['U4af49', 'Your table', 'Authentication failed']) expect(figures).not.toContain(kept)

    isMended = true
    await fleet.register('line', senders.closed)
    await row.waitFor({ state: 'detached' })
    await untilTrue(async () => (await figure(page, 'LINE', 'parked')) === '0')
    isMended = false
  },
)

testInBrowser('under load the page can be read at a desk, in the dark, and on a phone', async () => {
  const page = await openPage({ width: 1440, height: 900 })
  await keepBusy(fleet, busyMs)
  await page.getByRole('row', { name: /^recipient/ }).waitFor()
  await photograph(page, 'operations', { whole: true })
  const ink = 'getComputedStyle(document.body).color'
  expect(await page.evaluate(ink)).toBe('rgb(27, 36, 48)')
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await page.evaluate(ink)).toBe('rgb(230, 234, 240)')
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
})

testInBrowser('queues and operations lead to each other, and out', async () => {
  const page = await openPage({ width: 1680, height: 900 })
  // Bull Board asks for fonts from elsewhere, and the board's policy refuses them: the browser tells of that there.
  page.removeAllListeners('console')
  await page.getByRole('link', { name: 'Queues' }).click()
  await page.waitForURL(`${board.url}/`)
  await page.goto(`${board.url}/queue/line?status=latest`)
  await page.getByText(senders.line).first().waitFor()
  await photograph(page, 'board')
  await page.locator('header button').last().click()
  await page.getByRole('menuitem', { name: 'Operations' }).click()
  await page.waitForURL('**/operations')
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.waitForURL('**/login')
})

testInBrowser('that Redis is away is told on the page, which goes on by itself when it is back', async () => {
  const page = await openPage()
  await page.getByText(/^Live: \d\d:\d\d:\d\d$/).waitFor()
  // Browsers tell there of each answer that is an error, as these are.
  page.removeAllListeners('console')
  proxy.silence()
  await page.getByRole('alert').getByText('Redis does not answer').waitFor()
  await page.getByText(/^Not live: \d\d:\d\d:\d\d$/).waitFor()
  proxy.leadTo(server.url)
  await page.getByRole('alert').waitFor({ state: 'hidden' })
  await page.getByText(/^Live: /).waitFor()
})
