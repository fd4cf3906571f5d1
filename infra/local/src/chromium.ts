import { canInstall, findProgram, installPackage } from './debian-package.ts'

/** The Chromium, or Chrome, on PATH. */
export function findChromium(): Promise<string | undefined> {
  return findProgram('chromium', 'chromium-browser', 'google-chrome')
}

/**
 * Makes sure that there is a Chromium for the tests of pages: installs Debian's where that can be done without asking, as root. Where
 * it cannot, those tests are skipped, and `say` hears so.
 */
export async function ensureChromium(say: (what: string) => void, root = process.getuid?.() === 0): Promise<void> {
  if ((await findChromium()) !== undefined) return
  if (await canInstall(root)) {
    say('Installing chromium with apt-get, for the tests of pages')
    const failure = await installPackage('chromium')
    if (failure !== undefined) say(failure)
  }
  if ((await findChromium()) === undefined)
    say('Without a Chromium on PATH (Debian: apt-get install chromium) the tests of pages are skipped.')
}
