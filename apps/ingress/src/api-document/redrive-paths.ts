import { errorcodes, invalid } from '../problem.ts'
import type { Documented } from './document.ts'
import { createProblemAnswer } from './errors.ts'
import type { Json } from './json-schema.ts'
import { body, bodyErrors, json, operation } from './operation.ts'

/** The path of trying again what failed. */
export function redrivePaths({ documentationUrl }: Documented): Json {
  const problem = createProblemAnswer(documentationUrl)
  const problems = invalid([{ message: 'FailedFrom must not be after FailedTo', errorcode: errorcodes.invalidValue }])
  const redrive = operation('Messages', 'ott_chat_messaging_redrive', {
    operationId: 'redrive',
    summary: 'Have failed messages tried again',
    description: 'Of the client’s own account. Which ones is told unless `dryRun` is `false`: nothing is tried before.',
    requestBody: body('RedriveRequest', {
      count: {
        summary: 'Which ones would be',
        value: { reasons: ['unavailable'], failedFrom: '2026-11-23T09:30:00Z' },
      },
      redrive: { summary: 'Try them', value: { reasons: ['unavailable'], dryRun: false, limit: 500 } },
    }),
    responses: {
      200: {
        description: 'How many there are, or were tried again.',
        ...json('RedriveAnswer', {
          count: {
            summary: 'How many would be',
            value: { dryRun: true, matched: 12, byReason: { unavailable: 12 }, skipped: { expired: 1 } },
          },
          redrive: {
            summary: 'How many are',
            value: {
              dryRun: false,
              redriven: 12,
              byReason: { unavailable: 12 },
              skipped: {},
              cursor: 'eyJuZXR3b3JrIjo…',
            },
          },
        }),
      },
      400: problem('It is not in order: all that is wrong is told at once.', problems),
      ...bodyErrors,
    },
  })
  return { '/ott/v1/redrive': { post: redrive } }
}
