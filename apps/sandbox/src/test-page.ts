import { useBrowser } from '@ott/local/browser'

import { media } from './samples.ts'
import { type TestSandbox } from './test-sandbox.ts'

/** A landscape with a sun: what every picture of the samples is, in a colour of its own. */
function picture(name: string): string {
  const hue = { hills: 140, harbour: 205, bag: 28 }[name] ?? 280
  const shade = (saturation: number, light: number) => `hsl(${hue} ${saturation}% ${light}%)`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 240" width="400" height="240"><rect width="400" height="240" fill="${shade(70, 84)}"/>
<circle cx="306" cy="72" r="34" fill="#ffd166"/><path d="M0 180 90 96l64 58 72-84 174 140v30H0z" fill="${shade(34, 56)}"/>
<path d="M0 206q100-52 200 0t200-10v44H0z" fill="${shade(42, 34)}"/></svg>`
}

/** Opens the page of a sandbox in Chromium, with the samples' pictures at hand. */
export function usePage() {
  const open = useBrowser()
  return async ({ url }: Pick<TestSandbox, 'url'>, window?: { readonly width: number; readonly height: number }) => {
    const page = await open(url, window)
    await page.route(`${media}/**`, (route) => {
      const name = /(\w+)\.svg$/.exec(route.request().url())?.[1] ?? ''
      return route.fulfill({ contentType: 'image/svg+xml', body: picture(name) })
    })
    await page.locator('.state.live').waitFor()
    // The connection is there before the first that comes over it is drawn.
    await page.locator('#counts', { hasText: 'received' }).waitFor()
    return page
  }
}
