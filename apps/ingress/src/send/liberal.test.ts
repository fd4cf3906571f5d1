import { expect, test } from '@jest/globals'

import { problemsOf, useIngress } from '../use-ingress.ts'
import { toLine, toMessenger } from './requests.ts'

const ingress = useIngress()

test('property names may come in any case, at every level', async () => {
  const body = {
    MessageKey: 'k',
    MESSAGEGROUPKEY: 'g',
    From: { SenderType: 'Messenger', senderid: 100200300 },
    TO: { ottid: 2468013579, UserReference: 'r' },
    Message: {
      Subject: 's',
      CONTENTS: [{ Type: 'Image', URL: 'https://example.com/a', ISREUSABLE: '1', AttachmentID: 5 }],
      CustomKeys: [{ MessagingType: 'response', Tag: 't', NOTIFICATIONTYPE: 'regular' }],
    },
    ValidityPeriod: 30,
  }
  expect((await ingress.post('/ott/v1/send', body)).status).toBe(201)
  expect(ingress.queued[0]).toMatchObject({
    network: 'messenger',
    sender: '100200300',
    recipient: { id: '2468013579', reference: 'r' },
    contents: [{ type: 'image', url: 'https://example.com/a', reusable: true, attachmentId: '5' }],
    key: 'k',
    groupKey: 'g',
    subject: 's',
    validity: '30',
    purpose: 'response',
    tag: 't',
    alert: 'regular',
  })
})

test('of two names that differ in case alone, the documented one counts', async () => {
  await ingress.post(
    '/ott/v1/send',
    JSON.stringify(toLine()).replace('{', '{"MESSAGEKEY":"first",').replace(/}$/, ',"messagekey":"last"}'),
  )
  expect(ingress.queued[0]?.key).toBe('order-4711')
})

test('names and values inside a native payload are handed on untouched', async () => {
  const nativePayload = { type: 'flex', TEXT: null, nested: { Url: '', payload: [1.5, true, 'x'], ünïcode: '🍎' } }
  await ingress.post('/ott/v1/send', toLine({ message: { contents: [{ type: 'native', nativePayload }] } }))
  expect(ingress.queued[0]?.contents).toEqual([{ type: 'native', payload: nativePayload }])
})

test('nativePayload goes before payload where both are sent', async () => {
  const content = { type: 'native', payload: { type: 'theirs' }, nativePayload: { type: 'ours' } }
  await ingress.post('/ott/v1/send', toLine({ message: { contents: [content] } }))
  expect(ingress.queued[0]?.contents).toEqual([{ type: 'native', payload: { type: 'ours' } }])
})

test('custom keys may be one object, or several of several keys each', async () => {
  const contents = [{ type: 'text', text: 'Hello' }]
  const customKeys = { messagingType: 'UPDATE', crmId: 'x' }
  await ingress.post('/ott/v1/send', toMessenger({ message: { contents, customKeys } }))
  await ingress.post('/ott/v1/send', toMessenger({ message: { contents, customKeys: [{ crmId: 'x' }, customKeys] } }))
  for (const delivery of ingress.queued) expect(delivery).toMatchObject({ purpose: 'update', extras: { crmId: 'x' } })
  expect(ingress.queued).toHaveLength(2)
})

test('LINE ignores a messagingType, whatever it says, and keeps it for the status', async () => {
  const message = { contents: [{ type: 'text', text: 'Hello' }], customKeys: [{ MessagingType: 'NOW' }, { tag: 5 }] }
  expect((await ingress.post('/ott/v1/send', toLine({ message }))).status).toBe(201)
  expect(ingress.queued[0]).toMatchObject({ extras: { messagingType: 'NOW', tag: 5 } })
})

test('what belongs to another type of content is not looked at', async () => {
  const contents = [{ type: 'text', text: 'Hello', url: {}, duration: 'long', nativePayload: 5, isReusable: '' }]
  expect((await ingress.post('/ott/v1/send', toLine({ message: { contents } }))).status).toBe(201)
  expect(ingress.queued[0]?.contents).toEqual([{ type: 'text', text: 'Hello' }])
})

test('the largest integer that JSON carries exactly is an id', async () => {
  await ingress.post('/ott/v1/send', toLine({ to: { ottId: Number.MAX_SAFE_INTEGER } }))
  expect(ingress.queued[0]?.recipient.id).toBe('9007199254740991')
})

test('an integer that JSON would round is refused, not rounded', async () => {
  const body = JSON.stringify(toLine()).replace('"1656000000"', '9007199254740993')
  expect(problemsOf(await ingress.post('/ott/v1/send', body))).toEqual([
    '10001 Sender Id is a number too large to be exact: send it as a string',
  ])
})

test('keys may be any Unicode', async () => {
  await ingress.post('/ott/v1/send', toLine({ messageKey: '注文/№ 7 🍎', messageGroupKey: 'éé' }))
  expect(ingress.queued[0]).toMatchObject({ key: '注文/№ 7 🍎', groupKey: 'éé' })
})

test('names of every object in JavaScript do no harm', async () => {
  const poison =
    '"__proto__":{"polluted":"yes","messageKey":"theirs"},"constructor":{"prototype":{"polluted":"yes"}},"toString":1'
  const body = JSON.stringify(
    toMessenger({
      message: {
        contents: [{ type: 'native', payload: { '': 'here', a: 1 } }],
        customKeys: [{ messagingType: 'UPDATE', '': 'here' }],
      },
    }),
  )
    .replaceAll('"":"here"', poison)
    .replaceAll('{"', `{${poison},"`)
  expect((await ingress.post('/ott/v1/send', body)).status).toBe(201)
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
  expect(ingress.queued[0]).toMatchObject({ key: 'order-4712', network: 'messenger', purpose: 'update' })
})
