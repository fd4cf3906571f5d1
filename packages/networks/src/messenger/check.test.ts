import { expect, test } from '@jest/globals'

import { keepsCheckContract } from '../check-contract.ts'
import { messenger as definition } from './messenger.ts'
import { attributes, graphError, send, useScriptedMessenger } from './scripted-messenger.ts'

const me = '/v26.0/me'
const page = { status: 200, body: { id: '2' } }
const signal = new AbortController().signal

keepsCheckContract('Messenger', {
  definition,
  endpointPath: send,
  attributes,
  checkPath: me,
  taken: page,
  notTaken: (quoting) => ({
    status: 400,
    body: graphError(190, undefined, { message: `Malformed access token ${quoting}` }),
  }),
})

const messenger = useScriptedMessenger()

test('Graph is asked for the id alone, with the proof of the application’s secret', async () => {
  messenger.script(me, page)
  await messenger.open().check(signal)
  expect(Object.fromEntries(messenger.calls(me)[0]?.query ?? [])).toEqual({
    fields: 'id',
    appsecret_proof: '14c713ac2d4d09fc424505cda5432d03590c4e4a427fddb840c9a48bceb05c43',
  })
})

test('the token of another Page does not pass', async () => {
  messenger.script(me, { status: 200, body: { id: '3' } })
  expect(await messenger.open().check(signal)).toMatchObject({
    outcome: 'refused',
    reason: 'credentials',
    message: "The page access token is not this Page's: it belongs to 3",
  })
})

test.each([
  ['/v26.0/me/messages', '/v26.0/me'],
  ['/v26.0/2/messages', '/v26.0/me'],
  ['/messenger/v25.0/me/messages', '/messenger/v25.0/me'],
  ['/me/messages', '/v26.0/me'],
])('a sender whose endpoint is %s is checked at %s', async (endpointPath, checkPath) => {
  messenger.script(checkPath, page)
  expect(await messenger.open(endpointPath).check(signal)).toMatchObject({ outcome: 'accepted' })
})
