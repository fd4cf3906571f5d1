import { afterEach, beforeEach, expect } from '@jest/globals'
import { photograph, testInBrowser } from '@ott/local/browser'

import { z } from 'zod'

import { lineSamples, messengerSamples } from './samples.ts'
import { somebody } from './test-chats.ts'
import { type AskingSandbox, known, openAskingSandbox } from './test-dispatcher.ts'
import { usePage } from './test-page.ts'
import type { Reply } from './test-sandbox.ts'

const open = usePage()
let now = Date.parse('2026-10-01T09:58:20Z')
let sandbox: AskingSandbox
beforeEach(async () => {
  sandbox = await openAskingSandbox({ now: () => now })
})
afterEach(() => sandbox.close())

const text = (words: string) => ({ type: 'text', text: words })

/** The sample that shows this. */
function sample(shows: string): object {
  const [message] = [...lineSamples, ...messengerSamples].find((each) => each[1] === shows) ?? []
  if (message === undefined) throw new Error(`no sample shows ${shows}`)
  return message
}

testInBrowser('a conversation on both networks, with the journey of a push that was refused at first', async () => {
  const page = await open(sandbox, { width: 1600, height: 960 })
  const write = (network: 'line' | 'messenger', words: string) =>
    sandbox.control('/written', { network, person: somebody[network], text: words })

  for (const tail of ['7a', '3c', 'e1', '94']) {
    await sandbox.push([text('Thank you for your order')], { to: `U${tail.padStart(32, '5')}` })
    await sandbox.send({ text: 'Thank you for your order' }, `60000000000000${tail.replace(/\D/g, '7')}`)
  }
  now += 20_000
  const { replyToken } = Object(await write('line', 'Is my order ready?'))
  await write('messenger', 'Do you have it in green?')
  now += 4000
  await sandbox.reply(replyToken, [text('Yes! You will find us here 📍'), sample('1-3 Kioicho')])
  await sandbox.send(sample('Waxed canvas, 32 litres'))
  now = Date.parse('2026-10-01T10:00:00.030Z')
  await sandbox.control('/faults', { network: 'line', fault: 'rate-limit' })
  const offer = [text('Shall we wrap it? 🎁'), sample('Are you coming?')]
  expect(await sandbox.push(offer, { retryKey: known.id })).toMatchObject({ status: 429 })
  now = Date.parse('2026-10-01T10:00:01.164Z')
  tellAsSent(await sandbox.push(offer, { retryKey: known.id }))
  await write('messenger', 'The first one, please 😊')
  const quick = ['Today', 'Tomorrow'].map((title) => ({ content_type: 'text', title, payload: title }))
  await sandbox.send(sample('122.9 EUR'))
  await sandbox.send({ text: 'When shall we bring it?', quick_replies: quick })

  await page.getByRole('button', { name: 'Tomorrow' }).waitFor()
  await page.getByRole('button', { name: '368 page held back' }).click()
  await page.locator('.line').getByText('Shall we wrap it?').click()
  await page.locator('#steps > .step').nth(4).waitFor()
  expect(await page.locator('.step strong').allInnerTexts()).toEqual([
    'Created',
    'Queued',
    'Attempt 1',
    'push',
    'deferred',
    'Attempt 2',
    'push',
    'accepted',
    'Sent',
  ])
  await page.waitForFunction('[...document.images].every((image) => image.complete)')
  await photograph(page, 'sandbox')
})

/** As a dispatcher would: with the ids of LINE's answer. */
function tellAsSent({ status, body, headers }: Reply): void {
  expect(status).toBe(200)
  const { sentMessages } = z.object({ sentMessages: z.array(z.object({ id: z.string() })) }).parse(body)
  const [created, queued, sent] = known.history.status
  const requestId = headers.get('x-line-request-id')
  const ids = { messageIds: sentMessages.map(({ id }) => id), requestId }
  sandbox.dispatcher.tell(known.id, { ...known.history, status: [created, queued, { ...sent, ...ids }] })
}
