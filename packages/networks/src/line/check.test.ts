import { expect, test } from '@jest/globals'

import { keepsCheckContract } from '../check-contract.ts'
import { line as definition } from './line.ts'
import { attributes, issued, tokens, unauthorized, useScriptedLine } from './scripted-line.ts'

const quota = '/v2/bot/message/quota'
const signal = new AbortController().signal

keepsCheckContract('LINE', {
  definition,
  endpointPath: '',
  attributes,
  prepare: (network) => network.script(tokens, issued('access-token-1')),
  checkPath: quota,
  taken: { status: 200, body: { type: 'limited', value: 1000 } },
  notTaken: (quoting) => ({ status: 401, body: { message: `${unauthorized.body.message} ${quoting}` } }),
})

const line = useScriptedLine()

test('a channel secret that LINE issues no token for does not pass', async () => {
  line.script(tokens, { status: 400, body: { error: 'invalid_client', error_description: 'invalid client_secret' } })
  expect(await line.open().check(signal)).toMatchObject({
    outcome: 'refused',
    reason: 'credentials',
    message: 'LINE answered 401: invalid client_secret',
  })
  expect(line.calls(quota)).toHaveLength(0)
})

test('the quota is read below the registered endpoint, so that a wrong path does not pass either', async () => {
  line.script('/gateway/quota', { status: 200, body: { type: 'none' } })
  expect(await line.open('/gateway').check(signal)).toMatchObject({ outcome: 'accepted' })
  expect(await line.open('/getaway').check(signal)).toMatchObject({ outcome: 'refused', reason: 'sender' })
})
