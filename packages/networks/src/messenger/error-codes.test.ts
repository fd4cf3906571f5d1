import { expect, test } from '@jest/globals'

import { aDelivery } from '../a-delivery.ts'
import { graphError, send, sent, useScriptedMessenger } from './scripted-messenger.ts'

const messenger = useScriptedMessenger()

// Meta's table, row by row: the status is 400 throughout, because it is no guide.
test.each([
  [1, undefined, 'deferred', 'unavailable'],
  [1, 99, 'refused', 'permission'],
  [2, undefined, 'deferred', 'unavailable'],
  [2, 2018344, 'refused', 'permission'],
  [3, undefined, 'refused', 'permission'],
  [4, undefined, 'deferred', 'throttled'],
  [4, 2018022, 'deferred', 'throttled'],
  [4, 2018354, 'refused', 'window'],
  [9, 2018352, 'deferred', 'throttled'],
  [10, undefined, 'refused', 'permission'],
  [10, 2018278, 'refused', 'window'],
  [10, 2534022, 'refused', 'window'],
  [10, 2018065, 'refused', 'window'],
  [10, 2018108, 'refused', 'recipient'],
  [10, 1893063, 'deferred', 'paused'],
  [10, 1893015, 'refused', 'recipient'],
  [10, 1404170, 'refused', 'permission'],
  [17, undefined, 'deferred', 'throttled'],
  [32, undefined, 'deferred', 'throttled'],
  [341, undefined, 'deferred', 'throttled'],
  [100, undefined, 'refused', 'content'],
  [100, 33, 'refused', 'permission'],
  [100, 2018001, 'refused', 'recipient'],
  [100, 2018034, 'refused', 'content'],
  [100, 2018008, 'deferred', 'unavailable'],
  [100, 2018294, 'deferred', 'unavailable'],
  [100, 2018047, 'refused', 'content'],
  [100, 2018074, 'refused', 'content'],
  [100, 2018109, 'refused', 'content'],
  [100, 2534037, 'refused', 'permission'],
  [102, undefined, 'refused', 'credentials'],
  [190, 460, 'refused', 'credentials'],
  [190, 463, 'refused', 'credentials'],
  [200, undefined, 'refused', 'permission'],
  [200, 2018028, 'refused', 'permission'],
  [200, 1545041, 'refused', 'recipient'],
  [230, undefined, 'refused', 'credentials'],
  [368, undefined, 'deferred', 'paused'],
  [506, undefined, 'refused', 'content'],
  [551, undefined, 'refused', 'recipient'],
  [551, 1545041, 'refused', 'recipient'],
  [613, undefined, 'deferred', 'throttled'],
  [613, 2534040, 'deferred', 'throttled'],
  [613, 1893016, 'refused', 'window'],
  [1200, 2018024, 'deferred', 'unavailable'],
  [2022, undefined, 'refused', 'permission'],
  [1545041, undefined, 'refused', 'window'],
  [1609005, undefined, 'refused', 'content'],
  [2018300, undefined, 'deferred', 'conversation'],
  [2018321, undefined, 'deferred', 'conversation'],
  [80001, undefined, 'deferred', 'throttled'],
  [80002, undefined, 'deferred', 'throttled'],
  [80006, undefined, 'deferred', 'throttled'],
  [424242, undefined, 'refused', 'rejected'],
])('error %s/%s is %s: %s', async (code, subcode, outcome, reason) => {
  messenger.script(send, { status: 400, body: graphError(code, subcode) })
  expect(await messenger.deliver(aDelivery())).toMatchObject({ outcome, reason, requestId: 'trace-1' })
})

test('an error that Meta documents as sent after all counts as sent', async () => {
  messenger.script(send, { status: 400, body: graphError(1, 1357046) })
  expect(await messenger.deliver(aDelivery())).toMatchObject({ outcome: 'accepted', via: 'send', messageIds: [] })
  expect(messenger.calls(send)).toHaveLength(1)
})

test('an unknown error that Meta calls transient is tried again', async () => {
  messenger.script(send, { status: 400, body: graphError(424242, undefined, { is_transient: true }) }, sent)
  expect(await messenger.deliver(aDelivery())).toMatchObject({ outcome: 'accepted' })
  expect(messenger.calls(send)).toHaveLength(2)
})

test('an error counts as one even with status 200', async () => {
  messenger.script(send, { status: 200, body: graphError(100) })
  expect(await messenger.deliver(aDelivery())).toMatchObject({ outcome: 'refused', reason: 'content' })
})

test('a throttled Page is asked again when Meta says that it regains access, which it says in minutes', async () => {
  const usage = { '2': [{ type: 'messenger', call_count: 100, estimated_time_to_regain_access: 7 }] }
  messenger.script(send, {
    status: 400,
    body: graphError(613),
    headers: { 'x-business-use-case-usage': JSON.stringify(usage) },
  })
  expect(await messenger.deliver(aDelivery())).toMatchObject({
    outcome: 'deferred',
    reason: 'throttled',
    retryAfterMs: 7 * 60_000,
  })
})
