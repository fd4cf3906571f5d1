import { z } from 'zod'

/** A dispatcher's API, and the client as which it is asked, if it is. */
export type Dispatcher = { readonly url: string; readonly client?: Client | undefined }

type Client = { readonly id: string; readonly secret: string }

/** What the dispatcher tells of a delivery. What was sent, and to whom, is left out. */
const Status = z.object({
  status: z.array(z.looseObject({ event: z.string(), eventDateTime: z.string() })),
  attempts: z.array(z.looseObject({ attemptDateTime: z.string(), outcome: z.string() })).default([]),
})

/** A delivery's history by its dispatcher, or why there is none, in words for people. */
export type DispatcherHistory = z.infer<typeof Status> | { readonly unknown: string }

/** Asks for a delivery by its id, which must be a UUID. Never rejects. */
export type AskDispatcher = (deliveryId: string) => Promise<DispatcherHistory>

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

  async function ask(deliveryId: string, isAgain = false): Promise<DispatcherHistory> {
    if (Date.now() >= token.goodUntil) await renewToken()
    const response = await call(`ott/v1/send/${deliveryId}`, { headers: { authorization: `Bearer ${token.text}` } })
    if (response.status === 401 && !isAgain) {
      token = none
      return ask(deliveryId, true)
    }
    if (response.status === 404) throw new Refused('it knows no such delivery of the account that is asked for')
    if (!response.ok) throw new Refused(`it answered ${response.status}`)
    return Status.parse(await response.json())
  }

  return (deliveryId) =>
    ask(deliveryId).catch((error: unknown) => ({ unknown: `The dispatcher at ${url} was asked: ${why(error)}.` }))
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
