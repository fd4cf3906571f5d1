import { afterEach, beforeEach, expect } from '@jest/globals'
import { testInBrowser } from '@ott/local/browser'

import { type AskingSandbox, known, openAskingSandbox, sentDelivery } from './test-dispatcher.ts'
import { somebody } from './test-chats.ts'
import { usePage } from './test-page.ts'
import { hello } from './test-sandbox.ts'

const open = usePage()
let sandbox: AskingSandbox
beforeEach(async () => {
  sandbox = await openAskingSandbox()
})
afterEach(() => sandbox.close())

testInBrowser('a fault is made by a button, seen while it lasts, and cleared', async () => {
  const page = await open(sandbox)
  const [line, active] = [page.getByRole('group', { name: 'Faults of LINE' }), page.locator('#active-faults li')]
  await line.getByRole('button', { name: '429 too many calls' }).click()
  await active.getByText('rate-limit · 1 more · met 0').waitFor()
  expect(await sandbox.push([hello])).toMatchObject({ status: 429 })
  await page.getByText('Both answer as usual.').waitFor()
  await page.locator('#calls li').first().getByText('429').waitFor()
  expect(await sandbox.push([hello])).toMatchObject({ status: 200 })

  await page.getByLabel('What is pressed strikes').selectOption('until cleared')
  await page
    .getByRole('group', { name: 'Faults of Messenger' })
    .getByRole('button', { name: '500 server error' })
    .click()
  await active.getByText('server-error · until cleared · met 0').waitFor()
  for (let call = 0; call < 2; call += 1) expect(await sandbox.send({ text: 'a' })).toMatchObject({ status: 500 })
  await active.getByText('met 2').waitFor()
  await page.getByRole('button', { name: 'Clear all faults' }).click()
  await page.getByText('Both answer as usual.').waitFor()
  expect(await sandbox.send({ text: 'a' })).toMatchObject({ status: 200 })
})

testInBrowser('every button makes a fault that the sandbox knows', async () => {
  const page = await open(sandbox)
  const buttons = page.locator('button.fault')
  const count = await buttons.count()
  for (let place = 0; place < count; place += 1) await buttons.nth(place).click()
  await page
    .locator('#active-faults li')
    .nth(count - 1)
    .waitFor()
  expect(await page.locator('#trouble').innerText()).toBe('')
})

testInBrowser('a button says what the network will answer, and so it answers', async () => {
  const page = await open(sandbox)
  const press = (network: string, name: string) =>
    page
      .getByRole('group', { name: `Faults of ${network}` })
      .getByRole('button', { name, exact: true })
      .click()
  const isPlanned = (fault: string) => page.locator('#active-faults li').getByText(`${fault} · 1 more`).waitFor()
  for (const [button, fault, status, message] of [
    ['429 monthly limit', 'monthly-limit', 429, 'You have reached your monthly limit.'],
    ['400 no such person', 'unknown-recipient', 400, 'Failed to send messages'],
  ] as const) {
    await press('LINE', button)
    await isPlanned(fault)
    expect(await sandbox.push([hello])).toMatchObject({ status, body: { message } })
  }
  await press('LINE', '400 bad reply token')
  await isPlanned('invalid-reply-token')
  const replyToken = await sandbox.replyToken({ userId: somebody.line })
  expect(await sandbox.reply(replyToken, [hello])).toMatchObject({ body: { message: 'Invalid reply token' } })
  for (const [button, code, subcode] of [
    ['100 no such person', 100, 2018001],
    ['10 window is over', 10, 2018278],
    ['368 page held back', 368, undefined],
  ] as const) {
    await press('Messenger', button)
    await isPlanned(`graph-error ${code}`)
    const error = { code, ...(subcode !== undefined && { error_subcode: subcode }) }
    expect(await sandbox.send({ text: 'a' })).toMatchObject({ body: { error } })
  }
})

testInBrowser(
  'whoever writes as the person gets a reply token, and a command that replies with it; then it is used',
  async () => {
    const page = await open(sandbox)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const line = page.locator('.phone.line')
    await line.getByRole('textbox').fill('Is it ready? <b>')
    await line.getByRole('textbox').press('Enter')
    await line.getByText('Is it ready? <b>').waitFor()
    const replyToken = await line.locator('.token code').innerText()
    await line.getByRole('button', { name: 'Copy the command that replies' }).click()
    await line.getByRole('button', { name: 'Copied' }).waitFor()
    const command = String(await page.evaluate('navigator.clipboard.readText()'))
    expect(command).toMatch(new RegExp(`^curl -s ${sandbox.dispatcher.url}/ott/v1/send `))
    expect(JSON.parse(command.slice(command.indexOf("'{") + 1, -1))).toMatchObject({
      from: { senderType: 'line' },
      to: { ottId: somebody.line, userReference: replyToken },
    })
    expect(await sandbox.reply(replyToken, [hello])).toMatchObject({ status: 200 })
    await line.getByText('Reply token, used').waitFor()
    expect(await sandbox.reply(replyToken, [hello])).toMatchObject({ status: 400 })
  },
)

testInBrowser('a person answers by what a message has to press, and somebody new can write', async () => {
  const page = await open(sandbox)
  const quick = { content_type: 'text', title: 'Tomorrow', payload: 'T' }
  await sandbox.send({ text: 'When?', quick_replies: [quick] })
  const messenger = page.locator('.phone.messenger')
  await messenger.getByRole('button', { name: 'Tomorrow' }).click()
  await messenger.locator('.own', { hasText: 'Tomorrow' }).waitFor()
  await messenger.getByRole('button', { name: 'Write as another person' }).click()
  await page.keyboard.type('Hello, I am new')
  await page.keyboard.press('Enter')
  await messenger.getByText('Hello, I am new').waitFor()
  expect(await messenger.locator('.people button').count()).toBe(2)
})

testInBrowser("a bubble opens its journey: the calls it took, the dispatcher's word, and what was sent", async () => {
  await sandbox.control('/faults', { network: 'line', fault: 'rate-limit' })
  for (const status of [429, 200]) expect(await sandbox.push([hello], { retryKey: known.id })).toMatchObject({ status })
  const page = await open(sandbox)
  await page.locator('.line .bubble').click()
  const journey = page.getByRole('dialog', { name: 'Journey' })
  await journey.getByText('Queued').waitFor()
  const steps = await journey.locator('#steps > .step > .head strong').allInnerTexts()
  expect(steps).toEqual(['Created', 'Queued', 'Attempt 1', 'Attempt 2', 'Sent', 'push', 'push'])
  expect(await journey.innerText()).toContain(known.id)
  await journey.getByText('What was sent').click()
  expect(await journey.locator('pre').innerText()).toContain('"text": "hello"')
  await sandbox.push([hello], { retryKey: known.id })
  await journey.locator('.step', { hasText: '409' }).waitFor()
  await journey.getByRole('button', { name: 'Close' }).click()
  await journey.waitFor({ state: 'hidden' })
})

testInBrowser(
  'a reply whose delivery is not known asks which it is, and tells its journey once it is named',
  async () => {
    const replyToken = await sandbox.replyToken({ userId: somebody.line })
    await sandbox.reply(replyToken, [hello])
    const { entry } = Object(await sandbox.control('/journeys/1'))
    sandbox.dispatcher.tell('order-1', sentDelivery(known.id, { via: 'reply', messageIds: entry.messageIds }))
    const page = await open(sandbox, { width: 1600, height: 800 })
    await page.locator('.line .bubble').click()
    const journey = page.getByRole('dialog', { name: 'Journey' })
    await journey.getByText(/^LINE's reply carries no id/).waitFor()
    await journey.getByLabel('Its messageKey or ottRequestId').fill('order-2')
    await page.keyboard.press('Enter')
    await journey.getByText(/order-2 is not what brought it/).waitFor()
    await journey.getByLabel('Its messageKey or ottRequestId').fill('order-1')
    await journey.getByRole('button', { name: 'Ask' }).click()
    await journey.getByText('by reply, confirmed').waitFor()
    await journey.getByText(`message id ${entry.messageIds[0]}`).waitFor()
    expect(await journey.getByLabel('Its messageKey or ottRequestId').isVisible()).toBe(false)
  },
)

testInBrowser('on a wide screen a journey covers nothing, and another bubble can be opened meanwhile', async () => {
  await sandbox.push([hello], { retryKey: known.id })
  await sandbox.send({ text: 'hello' })
  const page = await open(sandbox, { width: 1600, height: 800 })
  await page.locator('.line .bubble').click()
  const journey = page.getByRole('dialog', { name: 'Journey' })
  await journey.getByText(known.id).waitFor()
  const places = [page.locator('.phone.messenger'), journey, page.getByRole('complementary', { name: 'Controls' })]
  const boxes = await Promise.all(places.map((place) => place.boundingBox()))
  const edges = boxes.flatMap((box) => [box?.x ?? 0, (box?.x ?? 0) + (box?.width ?? 0)])
  expect(edges).toEqual(edges.toSorted((one, other) => one - other))
  await page.locator('.messenger .bubble').click()
  await journey.getByText(/^This message carries no id/).waitFor()
  await page.keyboard.press('Escape')
  await journey.waitFor({ state: 'hidden' })
})
