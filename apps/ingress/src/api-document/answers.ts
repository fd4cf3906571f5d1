import { Accepted, FailureReason } from '@ott/delivery'
import { Callback } from '@ott/registry'
import { CallbackType } from '@ott/wire'
import { z } from 'zod'

import { type Json, refTo, toJsonSchema } from './json-schema.ts'

const DateTime = z.iso.datetime().describe('In UTC.')
const Id = z.uuid().describe('Found again by GET /ott/v1/send/{messageId}.')

const Sent = z.object({ ottRequestId: Id })

const Status = z.object({
  event: z.enum(['Created', 'Queued', 'Parked', 'Redriven', 'Sent', 'Error']),
  eventDateTime: DateTime,
  via: z.string().optional().describe('The way it went, such as reply or push.'),
  messageIds: Accepted.shape.messageIds.optional().describe('The network’s ids, one for each content.'),
  requestId: z.string().optional().describe('The network’s own id of the call.'),
  confirmed: z.literal(false).optional().describe('The network never said so, and all points to it.'),
  reason: FailureReason.optional().describe('Of Error and Parked: why.'),
  message: z.string().optional().describe('Of Error and Parked: what the network, or we, hold against it.'),
  errorcode: z.int().optional(),
  attempts: z.int().optional().describe('Of Error: how many were made.'),
  inDoubt: z.literal(true).optional().describe('Of Error: the network may have it all the same.'),
})

const Attempt = z.object({
  attemptDateTime: DateTime,
  outcome: z.enum(['accepted', 'deferred', 'refused', 'interrupted']),
  reason: FailureReason.optional(),
  message: z.string().optional(),
  requestId: z.string().optional().describe('The network’s own id of the call.'),
})

const StatusAnswer = z.object({
  requestBody: z
    .object({
      ottRequestId: Id,
      messageKey: z.string(),
      messageGroupKey: z.string().optional(),
      from: z.object({ senderType: z.string(), senderId: z.string() }),
      to: z.object({ ottId: z.string().optional(), userReference: z.string().optional() }),
      message: z.object({
        subject: z.string().optional(),
        contents: z.array(z.looseObject({ type: z.string() })),
        customKeys: z.array(z.record(z.string(), z.unknown())),
      }),
      validityPeriod: z.string(),
      validUntil: DateTime.optional().describe('What follows from validityPeriod: it is never delivered later.'),
    })
    .describe('What was sent, in the documented spelling.'),
  status: z.array(Status).describe('What happened to it, oldest first: without a last Sent or Error it is under way.'),
  attempts: z.array(Attempt).describe('The last 50 tries at delivering it, oldest first.'),
  nextAttemptDateTime: DateTime.optional().describe('When the next one comes, while it waits for that.'),
})

const CallbackAnswer = z.object({
  url: z.string(),
  events: z.array(CallbackType),
  includeRequestBody: z.boolean(),
  createdDateTime: DateTime,
  enabled: z.boolean(),
  disabled: z
    .object({ reason: Callback.shape.disabled.unwrap().shape.reason, dateTime: DateTime })
    .optional()
    .describe('Why nothing is told any more: until PUT enables it.'),
  failing: z
    .object({ message: z.string(), sinceDateTime: DateTime })
    .optional()
    .describe('Why nothing arrives for the moment.'),
  secret: z.string().optional().describe('What events are signed with: told when it is made, and never again.'),
})

const { requestBody, status, attempts } = StatusAnswer.shape
const { ottRequestId, messageKey, messageGroupKey, from } = requestBody.shape

const CallbackEvent = z.object({
  type: CallbackType,
  timestamp: DateTime.describe('When it happened, in UTC.'),
  data: z.object({
    ottRequestId,
    messageKey,
    messageGroupKey,
    from,
    status,
    attempts,
    requestBody: requestBody.optional().describe('What was sent: where `includeRequestBody` asked for it.'),
  }),
})

const Href = z.object({ href: z.string() })

const Registrations = z.object({
  count: z.int().describe('Of all pages.'),
  page: z.int(),
  pageSize: z.int(),
  links: z.object({ self: Href, previous: Href.optional(), next: Href.optional() }),
})

const Counts = z.record(z.string(), z.int())

const RedriveAnswer = z.object({
  dryRun: z.boolean(),
  matched: z.int().optional().describe('Of a dry run: how many would be tried again.'),
  redriven: z.int().optional().describe('How many are tried again.'),
  byReason: Counts.describe('The same, by why they had failed.'),
  skipped: Counts.describe('How many are left, by why.'),
  cursor: z.string().optional().describe('Where to go on: while there is one, call again with it and the same body.'),
})

const TokenAnswer = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('For how many seconds it is good.'),
  scope: z.string().describe('What it grants, with spaces between.'),
  rest_instance_url: z.string().describe('Where this API is. Ends in a slash.'),
  soap_instance_url: z.string().describe('The same: there is no SOAP.'),
})

const Health = z.object({ status: z.enum(['ok', 'unavailable']), checks: z.record(z.string(), z.string()) })

/** The schemas of all answers but errors. A sender is answered in its network's form, `Registration`. */
export const answerSchemas: Json = {
  ...Object.fromEntries(
    Object.entries({ Sent, StatusAnswer, RedriveAnswer, CallbackAnswer, CallbackEvent, TokenAnswer, Health }).map(
      ([name, schema]) => [name, toJsonSchema(schema)],
    ),
  ),
  RegistrationList: {
    ...toJsonSchema(Registrations),
    properties: {
      ...Object.fromEntries(Object.entries(Registrations.shape).map(([name, each]) => [name, toJsonSchema(each)])),
      items: { type: 'array', items: refTo('schemas', 'Registration') },
    },
    required: [...Object.keys(Registrations.shape), 'items'],
  },
  BatchAnswer: {
    type: 'object',
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        description: 'One for each request, in their order.',
        items: { oneOf: [refTo('schemas', 'BatchItemTaken'), refTo('schemas', 'BatchItemRefused')] },
      },
    },
  },
  BatchItemTaken: {
    title: 'A request that was taken',
    ...toJsonSchema(
      z.object({
        status: z.literal(201),
        ottRequestId: Id,
        idempotencyReplayed: z.literal(true).optional().describe('It had been taken before, with the same key.'),
      }),
    ),
  },
}
