import https, { Agent } from 'node:https'

import SDK from 'sfmc-sdk'
import { z } from 'zod'

// A program of somebody who uses the original API's client library, for the library's test: it prints what its calls came
// to. The library loads what Jest cannot load, and so has a process of its own.

const { port, cert, credentials, message } = z
  .object({
    port: z.number(),
    cert: z.string(),
    credentials: z.object({
      client_id: z.string(),
      client_secret: z.string(),
      account_id: z.string(),
      auth_url: z.string(),
      scope: z.array(z.string()),
    }),
    message: z.record(z.string(), z.unknown()),
  })
  .parse(JSON.parse(String(process.argv[2])))

// The library takes one form of address alone: what goes there is led to the test's proxy.
https.globalAgent = new Agent({ host: '127.0.0.1', port, ca: cert })

const { auth, rest } = new SDK(credentials)
const guess = new SDK({ ...credentials, client_secret: 'a-guess' })

const { ottRequestId } = z.object({ ottRequestId: z.string() }).parse(await rest.post('/ott/v1/send', message))
const results = {
  ottRequestId,
  session: await auth.getAccessToken(),
  status: await rest.get(`/ott/v1/send/${ottRequestId}`),
  list: await rest.getBulk('/ott/v1/registration/line', 1),
  refused: await rest.post('/ott/v1/send', {}).catch(toWords),
  unknown: await guess.rest.get('/ott/v1/registration/line').catch(toWords),
}
process.stdout.write(JSON.stringify(results))

function toWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
