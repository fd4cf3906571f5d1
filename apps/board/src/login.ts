import { matchesSecret } from '@ott/registry'
import type { Logger } from '@ott/runtime'
import { parseCookie } from 'cookie'
import express, { type CookieOptions, type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'

import { loginPage, logoutPage } from './login-page.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { type Session, type Sessions, sessionSeconds } from './sessions.ts'
import type { Users } from './users.ts'

export type LoginDependencies = {
  readonly users: Users
  readonly sessions: Sessions
  readonly throttle: LoginThrottle
  readonly logger: Logger
}

/** What the form sends. Longer ones are nobody's. */
const Form = z.object({ name: z.string().max(64), password: z.string().max(1024) })

const wrong = 'That name and password do not go together.'

/** Lets those through who have logged in, and no one else. Browsers are led to the form, programs are told. */
export function requireLogin({ users, sessions, throttle, logger }: LoginDependencies): Router {
  const router = Router()
  router.get('/login', (_request, response) => answerPage(response, 200, loginPage()))
  router.post('/login', express.urlencoded({ extended: false, limit: '8kb' }), async (request, response) => {
    const { name, password } = Form.safeParse(request.body).data ?? { name: '', password: '' }
    const address = request.ip ?? ''
    const waitSeconds = await throttle.attempt(name, address)
    const outcome =
      waitSeconds > 0 ? 'throttled' : (await matchesSecret(password, users.get(name))) ? 'accepted' : 'wrong'
    // A name that is no user's may be a password typed a field too early.
    logger.info({ user: users.has(name) ? name : undefined, address, outcome }, 'login.attempted')
    if (outcome === 'throttled') return answerThrottled(response, waitSeconds)
    if (outcome === 'wrong') return answerPage(response, 401, loginPage(wrong))
    await throttle.forgive(name, address)
    response.cookie(cookieName(request), await sessions.start(name), {
      ...cookieOptions(request),
      maxAge: sessionSeconds * 1000,
    })
    response.redirect(303, '/operations')
  })
  router.use(requireSession(sessions))
  return router
}

/** Everything that follows is for those who have logged in. */
function requireSession(sessions: Sessions): RequestHandler {
  const findSession = async (request: Request): Promise<Session | undefined> => {
    const token = parseCookie(request.headers.cookie ?? '')[cookieName(request)]
    return token === undefined ? undefined : sessions.find(token)
  }
  return async (request, response, next) => {
    const session = await findSession(request)
    if (session === undefined) return answerStranger(request, response)
    response.set('cache-control', 'no-store')
    if (request.path !== '/logout') return next()
    if (request.method !== 'POST') return answerPage(response, 200, logoutPage(session.name))
    await sessions.end(session)
    response.clearCookie(cookieName(request), cookieOptions(request)).redirect(303, '/login')
  }
}

function answerStranger(request: Request, response: Response): void {
  response.set('cache-control', 'no-store')
  if (request.accepts(['json', 'html']) === 'html') response.redirect(303, '/login')
  else response.status(401).json({ message: 'Log in first.' })
}

function answerThrottled(response: Response, waitSeconds: number): void {
  response.set('retry-after', String(waitSeconds))
  answerPage(response, 429, loginPage(`Too many attempts. Try again in ${Math.ceil(waitSeconds / 60)} min.`))
}

function answerPage(response: Response, status: number, html: string): void {
  response.status(status).set('cache-control', 'no-store').type('html').send(html)
}

/** Over https, a name that browsers take from nowhere but this host itself: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes */
function cookieName({ secure }: Request): string {
  return secure ? '__Host-ott-board' : 'ott-board'
}

function cookieOptions({ secure }: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure, path: '/' }
}
