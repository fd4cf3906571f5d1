import { expect, test } from '@jest/globals'

import { aDelivery, anAttempt } from '../a-delivery.ts'
import { keepsNetworkContract } from '../network-contract.ts'
import { line as definition } from './line.ts'
import { answering, attributes, issued, push, sent, tokens, useScriptedLine } from './scripted-line.ts'

keepsNetworkContract('LINE', {
  definition,
  endpointPath: '',
  attributes,
  deliverPath: push,
  prepare: ({ script }) => script(tokens, issued('access-token-1')),
  accepted: { script: sent, messageId: '461230966842064897' },
  throttled: { status: 429, body: { message: 'The API rate limit has been exceeded. Try again later.' } },
  refused: (quoting) => ({ status: 400, body: { message: `The request body has 1 error(s) ${quoting}` } }),
  recording: { delivery: answering() },
})

const line = useScriptedLine()

test.each([
  [
    { status: 400, body: { message: 'Failed to send messages' } },
    { outcome: 'refused', reason: 'recipient' },
  ],
  [
    { status: 400, body: { message: "The property, 'to', in the request body is invalid (line: -, column: -)" } },
    { outcome: 'refused', reason: 'recipient' },
  ],
  [
    { status: 403, body: { message: 'Access to this API is not available for your account' } },
    { outcome: 'refused', reason: 'permission' },
  ],
  [
    { status: 429, body: { message: 'You have reached your monthly limit.' } },
    { outcome: 'deferred', reason: 'quota', retryAfterMs: 3_600_000 },
  ],
  [
    {
      status: 400,
      body: {
        message: 'The request body has 1 error(s)',
        details: [{ message: 'May not be empty', property: 'messages[0].text' }],
      },
    },
    {
      outcome: 'refused',
      reason: 'content',
      message: 'LINE answered 400: The request body has 1 error(s) (messages[0].text: May not be empty)',
    },
  ],
])('%j is %j', async (script, expected) => {
  line.script(push, script)
  expect(await line.deliver(aDelivery())).toMatchObject(expected)
})

test.each([
  ['', '/v2/bot/message/push', '/oauth2/v3/token'],
  ['/', '/v2/bot/message/push', '/oauth2/v3/token'],
  ['/v2/bot/message', '/v2/bot/message/push', '/oauth2/v3/token'],
  ['/line/v2/bot/message/', '/line/v2/bot/message/push', '/line/oauth2/v3/token'],
  ['/gateway', '/gateway/push', '/oauth2/v3/token'],
])('an endpoint with the path "%s" is pushed to at %s', async (path, pushPath, tokenPath) => {
  line.script(tokenPath, issued('access-token-1'))
  line.script(pushPath, sent)
  expect(await line.open(path).deliver(aDelivery(), anAttempt())).toMatchObject({ outcome: 'accepted' })
})

test.each([
  ['none', true],
  ['silent', true],
  ['regular', undefined],
  [undefined, undefined],
] as const)('an alert of %s sends notificationDisabled %s', async (alert, notificationDisabled) => {
  line.script(push, sent)
  await line.deliver(aDelivery({ alert }))
  expect(JSON.parse(line.calls(push)[0]?.text ?? '')).toHaveProperty('messages')
  expect(line.calls(push)[0]?.body).toEqual(
    notificationDisabled
      ? expect.objectContaining({ notificationDisabled })
      : expect.not.objectContaining({ notificationDisabled: true }),
  )
})
