import { spawnSync } from 'node:child_process'

import { afterEach, beforeEach, expect } from '@jest/globals'
import { testInBrowser } from '@ott/local/browser'

import { usualKeys } from './journey/find-delivery.ts'
import { lineSamples, messengerSamples } from './samples.ts'
import { type ChattySandbox, openChattySandbox, somebody } from './test-chats.ts'
import { usePage } from './test-page.ts'

const open = usePage()
let sandbox: ChattySandbox
beforeEach(async () => {
  sandbox = await openChattySandbox()
})
afterEach(() => sandbox.close())

const text = (words: string) => ({ type: 'text', text: words })

testInBrowser('a message of every type appears while one looks on, as what it is', async () => {
  const page = await open(sandbox)
  for (const [message] of lineSamples) expect(await sandbox.push([message])).toMatchObject({ status: 200 })
  for (const [message] of messengerSamples) expect(await sandbox.send(message)).toMatchObject({ status: 200 })
  for (const [network, samples] of Object.entries({ line: lineSamples, messenger: messengerSamples })) {
    const bubbles = page.locator(`.${network} .bubble`)
    await bubbles.nth(samples.length - 1).waitFor()
    for (const [place, [, shows]] of samples.entries()) {
      const bubble = bubbles.nth(place)
      if (shows.startsWith('<')) await bubble.locator(shows.slice(1, -1)).first().waitFor()
      else expect(await bubble.innerText()).toContain(shows)
    }
  }
  expect(await page.locator('.bubble', { hasText: /not known|cannot be shown/ }).count()).toBe(0)
})

testInBrowser('nothing that a message says is run or becomes part of the page', async () => {
  const page = await open(sandbox)
  const evil = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`
  const link = `javascript:document.title='taken'`
  await sandbox.push([text(evil), { type: 'sticker', packageId: evil, stickerId: evil }])
  await sandbox.push([
    { type: 'flex', altText: evil, contents: { type: 'bubble', body: { type: 'text', text: evil } } },
  ])
  await sandbox.send({ text: `${evil} ${link}` })
  const buttons = [{ type: 'web_url', title: evil, url: link }]
  await sandbox.send({ attachment: { type: 'template', payload: { template_type: 'button', text: evil, buttons } } })
  await page.locator('.messenger .bubble').nth(1).waitFor()
  expect(await page.locator('.line .bubble').first().innerText()).toBe(evil)
  expect(await page.locator('.message img, .message script, [href^="javascript"]').count()).toBe(0)
  expect(await page.title()).toBe('Sandbox: chats')
})

testInBrowser('a message that makes no sense is told as such, and the others are shown', async () => {
  const page = await open(sandbox)
  const payload = { template_type: 'product', elements: [null] }
  expect(await sandbox.send({ attachment: { type: 'template', payload } })).toMatchObject({ status: 200 })
  const body = { type: 'box', contents: [{ type: 'constructor' }, { type: 'text', contents: [null] }] }
  for (const contents of [
    { type: 'bubble', body },
    { type: 'bubble', body: 'none', styles: 1 },
  ])
    expect(await sandbox.push([{ type: 'flex', altText: 'Nothing', contents }])).toMatchObject({ status: 200 })
  await sandbox.push([text('and another')])
  await page.getByText('and another').waitFor()
  expect(await page.locator('.bubble').allInnerTexts()).toEqual([
    'A message that cannot be shown. Its journey has it as it was sent.',
    'Nothing',
    'and another',
    'A message that cannot be shown. Its journey has it as it was sent.',
  ])
})

testInBrowser('each person has a chat, and whoever is chosen stays', async () => {
  const page = await open(sandbox)
  const other = 'U'.padEnd(33, 'a')
  await sandbox.push([text('to one')])
  await sandbox.push([text('to another')], { to: other })
  const line = page.locator('.line')
  await line.getByText('to another').waitFor()
  await line.getByRole('button', { name: `Person ${somebody.line}` }).click()
  await line.getByText('to one').waitFor()
  await sandbox.push([text('again')], { to: other })
  await sandbox.push([text('at last')])
  await line.getByText('at last').waitFor()
  expect(await line.locator('.bubble').allInnerTexts()).toEqual(['to one', 'at last'])
})

testInBrowser('before anything has come each phone says what to do first, with its own command', async () => {
  await sandbox.control('/senders', { network: 'line', channelId: '1653', channelSecret: 's' })
  const page = await open(sandbox)
  const [line, messenger] = await page.locator('.empty').allInnerTexts()
  expect(line).toContain('"senderId":"1653"')
  expect(line).toContain('npm run -s ott -- token')
  expect(messenger).toContain('"senderType":"messenger"')
  // By these keys replies to such commands are found.
  expect(line).toContain(`"messageKey": "${usualKeys.line}"`)
  expect(messenger).toContain(`"messageKey": "${usualKeys.messenger}"`)
  await sandbox.push([text('first')])
  await page.locator('.line').getByText('first').waitFor()
  expect(await page.locator('.empty:visible').count()).toBe(1)
})

testInBrowser('a command can be pasted as it stands, whatever a sender is called', async () => {
  const channelId = `it's $(exit) "1"`
  await sandbox.control('/senders', { network: 'line', channelId, channelSecret: 's' })
  const page = await open(sandbox)
  const command = await page.locator('.line pre.second').innerText()
  const { stdout } = spawnSync('sh', ['-c', `curl() { printf %s "$8"; }\n${command}`], { encoding: 'utf8' })
  expect(JSON.parse(stdout)).toMatchObject({ from: { senderType: 'line', senderId: channelId } })
})

testInBrowser('on a narrow screen the phones stand one above the other, and nothing is cut off', async () => {
  const page = await open(sandbox, { width: 360, height: 700 })
  for (const [message] of lineSamples) await sandbox.push([message])
  const [line, messenger] = [page.locator('.phone.line'), page.locator('.phone.messenger')]
  await line
    .locator('.bubble')
    .nth(lineSamples.length - 1)
    .waitFor()
  const [above, below] = [await line.boundingBox(), await messenger.boundingBox()]
  expect(below?.y).toBeGreaterThan((above?.y ?? 0) + (above?.height ?? 0) - 1)
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
})

testInBrowser('everything can be reached and used by the keyboard', async () => {
  await sandbox.push([text('hello')])
  const page = await open(sandbox)
  await page.getByRole('button', { name: /^Journey of this text message/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Journey' }).waitFor()
  await page.keyboard.press('Escape')
  expect(await page.evaluate('document.activeElement.className')).toBe('meta')
  await page.getByRole('button', { name: '429 too many calls' }).press('Space')
  await page.getByRole('button', { name: 'Clear rate-limit of line' }).press('Enter')
  await page.getByText('Both answer as usual.').waitFor()
})
