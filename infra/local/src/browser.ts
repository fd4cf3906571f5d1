import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, afterEach, expect, test } from '@jest/globals'
import { type Browser, chromium, type Page } from 'playwright-core'

import { findChromium } from './chromium.ts'
import { repository } from './repository.ts'

const executablePath = await findChromium()

/** A `test` of a page as people see it, in Chromium: skipped on a machine without one. */
export const testInBrowser: typeof test.skip = executablePath === undefined ? test.skip : test

type Window = { readonly width: number; readonly height: number }

/** Opens a URL in a window of its own, which is closed after the test. */
type OpenPage = (url: string, window?: Window) => Promise<Page>

/** Gives the tests of a file a Chromium. A test fails whose page breaks: an error in a script, or one told on the console. */
export function useBrowser(): OpenPage {
  let browser: Browser | undefined
  const pages: Page[] = []
  const faults: string[] = []
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close()
    expect(faults.splice(0)).toEqual([])
  })
  afterAll(() => browser?.close())
  return async (url, window = { width: 1280, height: 800 }) => {
    // Root has no sandbox of Chromium's to run in, and what is opened is ours.
    browser ??= await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
    const page = await browser.newPage({ viewport: window })
    pages.push(page)
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.goto(url)
    return page
  }
}

/**
 * Takes the page's picture for the documents, as `docs/images/<name>.png`, where that is asked for: by `npm run screenshots`. Another
 * run leaves the pictures as they are. `whole`: to the page's end, however far below the window that is.
 */
export async function photograph(page: Page, name: string, { whole = false } = {}): Promise<void> {
  if (process.env['OTT_SCREENSHOTS'] !== '1') return
  const folder = join(repository, 'docs/images')
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole })
}
