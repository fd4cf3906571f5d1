import { createCallbackSchema } from '../callback/request.ts'
import type { Networks } from '../per-network.ts'
import { createRedriveSchema } from '../redrive/request.ts'
import type { ValidityUnit } from '../send/validity.ts'
import { TokenRequest } from '../token/request.ts'
import { answerSchemas } from './answers.ts'
import { callbackPaths, callbackWebhooks } from './callback-paths.ts'
import { errorResponses, errorSchemas } from './errors.ts'
import { answerHeaders } from './headers.ts'
import { type Json, toJsonSchema } from './json-schema.ts'
import { publicPaths } from './public-paths.ts'
import { redrivePaths } from './redrive-paths.ts'
import { registrationPaths } from './registration-paths.ts'
import { registrationSchemas } from './registration-schemas.ts'
import { sendPaths } from './send-paths.ts'
import { sendSchemas } from './send-schemas.ts'
import { tokenPaths } from './token-paths.ts'

/** What the document tells of an ingress. Limits are in bytes. */
export type Documented = {
  readonly networks: Networks
  readonly documentationUrl: string
  readonly publicUrl: string | undefined
  readonly bodyLimit: number
  readonly batchBodyLimit: number
  readonly validityUnit: ValidityUnit | undefined
}

const tags = [
  { name: 'Access', description: 'Every other call carries an access token.' },
  { name: 'Messages', description: 'Send them, ask what became of them, have failed ones tried again.' },
  { name: 'Senders', description: 'Who messages come from: a channel, a Page.' },
  { name: 'Callbacks', description: 'Be told what becomes of messages, rather than ask.' },
  { name: 'Service', description: 'For anybody, without a token.' },
]

/** The API's document: https://spec.openapis.org/oas/v3.1.1. What holds of networks follows from their definitions. */
export function createApiDocument(given: Documented): Json {
  const { networks, documentationUrl, publicUrl, bodyLimit } = given
  return {
    openapi: '3.1.1',
    info: {
      title: 'ott-dispatcher',
      version: '1',
      description: introduction(given),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl?.replace(/\/$/, '') ?? '/' }],
    ...(documentationUrl !== '' && { externalDocs: { url: documentationUrl } }),
    tags,
    // The room of each path's routes has its file here.
    paths: {
      ...tokenPaths(),
      ...sendPaths(given),
      ...redrivePaths(given),
      ...registrationPaths(given),
      ...callbackPaths(given),
      ...publicPaths(given),
    },
    webhooks: callbackWebhooks(given),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From POST /v2/token.' },
      },
      schemas: {
        ...sendSchemas(given),
        ...registrationSchemas(networks),
        RedriveRequest: toJsonSchema(createRedriveSchema(Object.keys(networks))),
        CallbackRequest: toJsonSchema(createCallbackSchema([])),
        TokenRequest: toJsonSchema(TokenRequest),
        ...answerSchemas,
        ...errorSchemas,
      },
      headers: answerHeaders,
      responses: errorResponses(documentationUrl, bodyLimit),
    },
  }
}

function introduction({ networks }: Documented): string {
  const titles = Object.values(networks).map(({ title }) => title)
  return `Sends chat messages on ${titles.join(' and ')}.

Get a token at \`POST /v2/token\`, register a sender, and send with \`POST /ott/v1/send\`. An answer of 201 means that the message is on
disk; \`GET /ott/v1/send/{messageId}\` tells what became of it.

**Liberal in what is taken**: property names may come in any case, numbers as strings and strings as numbers, yes and no as \`1\` and \`0\`;
\`null\` counts as left out, and so does what is not known. This document has the one spelling that is answered in. Answers may get further
properties: pass over those that you do not know.

**Errors** are JSON, whatever was asked: a method that a path has not is 405, a path that there is not 404, what is not proper HTTP 400,
408, 417 or 431. Each has an \`errorcode\`; \`/v2/token\` tells them as OAuth does.

Every answer has an \`X-Request-Id\`, the request’s own if it brought one; those to clients tell in \`RateLimit\` and \`RateLimit-Policy\` how
much of the client’s rate is left.
`
}
