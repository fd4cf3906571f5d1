import { listen } from '@ott/runtime'

import { openChattySandbox } from './test-chats.ts'

/** The delivery that it knows, as the ingress tells of one that was deferred once and then sent. */
export const known = {
  id: '7d2f3f8e-52cf-4d0c-8a6b-0d6f1f1d2b11',
  history: {
    requestBody: { ottRequestId: '7d2f3f8e-52cf-4d0c-8a6b-0d6f1f1d2b11', to: { ottId: 'whom nobody else need know' } },
    status: [
      { event: 'Created', eventDateTime: '2026-10-01T10:00:00.004Z' },
      { event: 'Queued', eventDateTime: '2026-10-01T10:00:00.006Z' },
      { event: 'Sent', eventDateTime: '2026-10-01T10:00:01.189Z', via: 'push', messageIds: ['1'] },
    ],
    attempts: [
      {
        attemptDateTime: '2026-10-01T10:00:00.021Z',
        outcome: 'deferred',
        reason: 'throttled',
        message: 'LINE answered 429: The API rate limit has been exceeded. Try again later.',
      },
      { attemptDateTime: '2026-10-01T10:00:01.153Z', outcome: 'accepted' },
    ],
  },
}

const client = { id: 'shop', secret: 's3cret' }

/** A delivery as the ingress tells of it once it was sent so. */
export function sentDelivery(ottRequestId: string, sent: object, to: object = {}) {
  const [created, queued] = known.history.status
  const event = { event: 'Sent', eventDateTime: '2026-10-01T10:00:02.310Z', ...sent }
  return { requestBody: { ottRequestId, to }, status: [created, queued, event], attempts: [] }
}

/**
 * A dispatcher's API as far as the sandbox asks it. `asked` is every call it got, `dropTokens` has it forget the tokens it gave, `tell` has it
 * tell of a delivery by that id or key.
 */
async function openTestDispatcher() {
  const asked: string[] = []
  const deliveries = new Map<string, object>([[known.id, known.history]])
  let token = 0
  const { url, close } = await listen(
    (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        asked.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`)
        const [status, body] = answer(
          request.url ?? '',
          request.headers.authorization,
          Buffer.concat(chunks).toString(),
        )
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
    },
    { host: '127.0.0.1', port: 0, variable: 'PORT' },
  )

  function answer(path: string, authorization: string | undefined, body: string): [number, object] {
    if (path === '/v2/token' && !body.includes(client.secret)) return [401, { error: 'invalid_client' }]
    if (path === '/v2/token') return [200, { access_token: `token ${(token += 1)}`, expires_in: 1079 }]
    if (authorization !== `Bearer token ${token}`) return [401, { message: 'no' }]
    const delivery = deliveries.get(decodeURIComponent(path.replace('/ott/v1/send/', '')))
    return delivery === undefined ? [404, { message: 'no such' }] : [200, delivery]
  }

  return {
    url,
    close,
    asked,
    dropTokens: () => void (token += 1),
    tell: (idOrKey: string, delivery: object) => void deliveries.set(idOrKey, delivery),
  }
}

/** A sandbox that asks such a dispatcher. */
export async function openAskingSandbox(options: Parameters<typeof openChattySandbox>[0] = {}) {
  const dispatcher = await openTestDispatcher()
  const sandbox = await openChattySandbox({ dispatcher: { url: dispatcher.url, client }, ...options })
  const close = async () => {
    await sandbox.close()
    await dispatcher.close()
  }
  return { ...sandbox, dispatcher, close }
}

export type AskingSandbox = Awaited<ReturnType<typeof openAskingSandbox>>
