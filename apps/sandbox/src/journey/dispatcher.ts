import { z } from 'zod'

/** A dispatcher's API, and the client as which it is asked, if it is. */
export type Dispatcher = { readonly url: string; readonly client?: Client | undefined }

type Client = { readonly id: string; readonly secret: string }

const Event = z.looseObject({
  event: z.string(),
  eventDateTime: z.string(),
  via: z.string().optional(),
  messageIds: z.array(z.string()).optional(),
})

const Answer = z.object({
  requestBody: z.looseObject({
    ottRequestId: z.string(),
    to: z.looseObject({ userReference: z.string().optional() }),
  }),
  status: z.array(Event),
  attempts: z.array(z.looseObject({ attemptDateTime: z.string(), outcome: z.string() })).default([]),
  nextAttemptDateTime: z.string().optional(),
})

/** What has become of a delivery, as its dispatcher tells it. What was sent, and to whom, is left out. */
export type DispatcherHistory = Omit<z.infer<typeof Answer>, 'requestBody'>

/** A delivery that the dispatcher knows. `userReference` is for nobody but this program: at LINE it is a reply token. */
export type Told = {
  readonly deliveryId: string
  readonly userReference: string | undefined
  readonly history: DispatcherHistory
}

/** Why nothing is told, in words for people. */
export type Untold = { readonly unknown: string }

/** Asks for a delivery by its id or its message key. Resolves with undefined where the dispatcher knows none, and never rejects. */
export type AskDispatcher = (idOrKey: string) => Promise<Told | Untold | undefined>

const Token = z.object({ access_token: z.string(), expires_in: z.number() })

const none = { text: '', goodUntil: 0 }

const patienceMs = 3000
const scope = 'ott_chat_messaging_read'

/** None without a client. */
export function makeAskDispatcher(dispatcher: Dispatcher | undefined): AskDispatcher | undefined {
  return dispatcher?.client && makeAsk(dispatcher.url, dispatcher.client)
}

/** It asks with the right to read alone, whatever else the client may do. */
function makeAsk(url: string, { id, secret }: Client): AskDispatcher {
  const credentials = { grant_type: 'client_credentials', client_id: id, client_secret: secret, scope }
  const base = url.endsWith('/') ? url : `${url}/`
  let token = none

  const call = (path: string, init: RequestInit) =>
    fetch(new URL(path, base), { ...init, signal: AbortSignal.timeout(patienceMs) })

  async function renewToken(): Promise<void> {
    const response = await call('v2/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credentials),
    })
    if (!response.ok)
      throw new Refused(`it gave no token (${response.status}): check OTT_CLIENT_ID and OTT_CLIENT_SECRET`)
    const { access_token: text, expires_in: seconds } = Token.parse(await response.json())
    token = { text, goodUntil: Date.now() + seconds * 1000 }
  }

  async function ask(segment: string, isAgain = false): Promise<Told | undefined> {
    if (Date.now() >= token.goodUntil) await renewToken()
    const response = await call(`ott/v1/send/${segment}`, { headers: { authorization: `Bearer ${token.text}` } })
    if (response.status === 401 && !isAgain) {
      token = none
      return ask(segment, true)
    }
    if (response.status === 404) return undefined
    if (!response.ok) throw new Refused(`it answered ${response.status}`)
    return toTold(Answer.parse(await response.json()))
  }

  return async (idOrKey) => {
    // These two are steps in a path, however they are written.
    if (idOrKey === '.' || idOrKey === '..') return undefined
    return ask(encodeURIComponent(idOrKey)).catch((error: unknown) => ({
      unknown: `The dispatcher at ${url} was asked: ${why(error)}.`,
    }))
  }
}

function toTold({ requestBody: { ottRequestId: deliveryId, to }, ...history }: z.infer<typeof Answer>): Told {
  return { deliveryId, userReference: to.userReference, history }
}

/** An answer that is none; its message says which. */
class Refused extends Error {
  override readonly name = 'Refused'
}

/** Nothing of an error of another kind is repeated: it may hold what was sent. */
function why(error: unknown): string {
  if (error instanceof Refused) return error.message
  return error instanceof z.ZodError ? 'its answer is not understood' : 'it does not answer'
}
