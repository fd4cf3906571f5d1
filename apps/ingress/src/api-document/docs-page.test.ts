import { expect, test } from '@jest/globals'
import { photograph, testInBrowser, useBrowser } from '@ott/local/browser'

import { useIngress } from '../use-ingress.ts'

const ingress = useIngress()
const published = useIngress({ documentationUrl: '', publicUrl: 'https://ott.shop.example' })
const openPage = useBrowser()

testInBrowser('the page tells of every call, with what is sent and what comes back', async () => {
  const page = await openPage(`${published.url()}/docs`, { width: 1120, height: 2330 })
  await page.getByRole('heading', { name: 'ott-dispatcher' }).waitFor()
  for (const path of ['/v2/token', '/ott/v1/send', '/ott/v1/send/batch', '/ott/v1/send/{messageId}', '/ott/v1/redrive'])
    await page.locator(`[data-path="${path}"]`).first().waitFor()
  const send = page.locator('#operations-Messages-send')
  await send.getByRole('button').first().click()
  for (const answer of ['It is on disk.', 'It is not in order: all that is wrong is told at once.'])
    await page.getByText(answer).waitFor()
  // As one reads it: without the ring around what was pressed.
  await page.evaluate('document.activeElement.blur()')
  await photograph(page, 'api-docs')
})

testInBrowser('a call can be tried from the page', async () => {
  const page = await openPage(`${ingress.url()}/docs#/Access/issueToken`)
  await page.getByRole('button', { name: 'Try it out' }).click()
  await page.getByRole('button', { name: 'Execute' }).click()
  await page.locator('.live-responses-table').getByText('access_token').first().waitFor()
})

test('the page is made of what is here alone, and no other site may frame it', async () => {
  const { headers } = await fetch(`${ingress.url()}/docs`)
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/^default-src 'none';script-src 'self' 'sha256-[\w+/=]+';style-src 'self' 'sha256-[\w+/=]+';/)
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe|https?:/)
})
