import { Scope } from '@ott/registry'

import { toProblem } from '../answer-problems.ts'
import { tooLarge, unsupportedMediaType } from '../problem.ts'
import { expiresInSeconds } from '../token/access-token.ts'
import { bodyMax, tooManyGuesses, wrongSecret } from '../token/route.ts'
import { TokenProblem } from '../token/token-problem.ts'
import { unavailable, usualMessage } from '../unavailable.ts'
import { tokenProblemAnswer as problem } from './errors.ts'
import { type Json, refTo } from './json-schema.ts'
import { example, json, openOperation } from './operation.ts'

const asked = {
  grant_type: 'client_credentials',
  client_id: '3f2b8f9e-0f4f-4b52-9d0f-6a8f7f1f2c11',
  client_secret: 'the-secret',
}
const url = 'https://ott.example.com/'

/** The path where clients get their access tokens. */
export function tokenPaths(): Json {
  const [form, fields] = [refTo('schemas', 'TokenRequest'), example('All that the client may do', asked)]
  const issue = openOperation('Access', {
    operationId: 'issueToken',
    summary: 'Get an access token',
    description: 'In the manner of [OAuth](https://www.rfc-editor.org/rfc/rfc6749#section-4.4), and so are its errors.',
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: form, examples: fields },
        'application/x-www-form-urlencoded': { schema: form, examples: fields },
      },
    },
    responses: {
      200: {
        description: 'The token goes with every other call, as `Authorization: Bearer …`.',
        ...json(
          'TokenAnswer',
          example('A token', {
            access_token: 'eyJhbGciOiJIUzI1NiJ9.…',
            token_type: 'Bearer',
            expires_in: expiresInSeconds,
            scope: Scope.options.join(' '),
            rest_instance_url: url,
            soap_instance_url: url,
          }),
        ),
      },
      ...errors,
    },
  })
  return { '/v2/token': { post: issue } }
}

const errors: Json = {
  400: problem(
    'It is not in order.',
    new TokenProblem('invalid_request', 'client_id must be provided'),
    new TokenProblem('unsupported_grant_type', 'grant_type must be client_credentials'),
    new TokenProblem('invalid_scope', `This client may ask for: ${Scope.options[0]}`),
  ),
  401: problem('It is no client’s id and secret.', wrongSecret()),
  413: problem('The body is too large.', tooLarge(bodyMax)),
  415: problem(
    'The body is of a type that is not read.',
    unsupportedMediaType('The Content-Type must be application/json'),
  ),
  429: problem('There were too many wrong secrets.', tooManyGuesses(60)),
  500: problem('A fault of ours.', toProblem(new Error('a fault'))),
  503: problem('Not for the moment.', unavailable(usualMessage, undefined)),
}
