import { type Program, startProgram } from '@ott/local'
import type { useBrowser } from '@ott/local/browser'
import type { TestRedis } from '@ott/local/testing'
import { hashSecret } from '@ott/registry'

/** Who may log in to the boards of the tests. */
export const erin = { name: 'erin', password: 'correct horse battery staple' } as const
const erinsHash = await hashSecret(erin.password)

/** A page in Chromium. */
export type BrowserPage = Awaited<ReturnType<ReturnType<typeof useBrowser>>>

/** The cookies of those who have logged in, by the board's URL. */
const cookies = new Map<string, string>()

/** Starts a board, and stops it before its Redis. */
export async function startBoard(redis: TestRedis, env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const program = await startProgram({
    name: 'board',
    file: 'apps/board/dist/main.js',
    env: { REDIS_URL: redis.url, BOARD_USERS: `${erin.name}:${erinsHash}`, ...env },
  })
  redis.onStop(() => program.stop())
  await program.untilReady()
  return program
}

/** Starts a board and logs in to it. */
export async function openBoard(redis: TestRedis, env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const program = await startBoard(redis, env)
  cookies.set(program.url, cookieOf(await logIn(program)))
  return program
}

/** Sends the login form as the board's own page does. */
export function logIn({ url }: Program, { name, password }: { name: string; password: string } = erin, headers = {}) {
  return fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, ...headers },
    body: new URLSearchParams({ name, password }),
  })
}

/** What a browser would send back, `name=value`; empty where the answer sets no cookie. */
export function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** Makes a request from the board's own page, with the cookie of who has logged in there. */
export function visit({ url }: Program, path: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
  const own = { origin: url, cookie: cookies.get(url) ?? '' }
  return fetch(url + path, {
    redirect: 'manual',
    ...init,
    headers: { ...own, ...Object.fromEntries(new Headers(headers)) },
  })
}

/** Logs in on the board's own form, as a person does, and waits for the page that this leads to. */
export async function enter(page: BrowserPage, { name, password } = erin): Promise<void> {
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.waitForURL('**/operations')
}
