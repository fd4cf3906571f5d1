import { expect, test } from '@jest/globals'
import {
  accepted,
  deferred,
  EndpointNotAllowed,
  type Network,
  type NetworkDefinition,
  NoAnswer,
  noEarlier,
  refused,
  type Sender,
  TooLate,
} from '@ott/delivery'
import { networks } from '@ott/networks'
import { CannotAttempt, NoLongerHeld } from '@ott/queue'
import { aDelivery } from '@ott/queue/testing'
import { UnknownKey } from '@ott/registry'
import { createLogger } from '@ott/runtime'

import { makeAttempt } from './attempt.ts'
import { networkOpener } from './open-network.ts'

const context = { attempt: 1, signal: new AbortController().signal, earlier: noEarlier, record: async () => undefined }
const sent = accepted('send', ['1'])
const noExchange = () => Promise.reject(new Error('no call is made here'))

const delivery = aDelivery({ network: 'pigeon', sender: 'loft-1', recipient: { id: 'person-1' } })

const sender: Sender = {
  account: 'shop',
  network: 'pigeon',
  id: 'loft-1',
  active: true,
  endpointUrl: 'https://pigeon.example',
  attributes: {},
  revision: '1',
}

const noCheck = () => Promise.reject(new Error('an attempt checks nothing'))

/** A network that delivers like this. */
function pigeon(deliver: Network['deliver']): NetworkDefinition {
  return { ...networks.line, title: 'Pigeon', open: () => ({ deliver, check: noCheck }) }
}

/** One attempt at the delivery on that network, and the lines that it logged. */
async function attempt(definition: NetworkDefinition, found: Sender | undefined, signal = context.signal) {
  const written: string[] = []
  const logger = createLogger('test', 'info', { write: (text) => void written.push(text) })
  const open = networkOpener(definition, noExchange)
  const receipt = await makeAttempt(definition, async () => found, open, logger)(delivery, { ...context, signal })
  return { receipt, lines: written.map((text): unknown => JSON.parse(text)), text: written.join('') }
}

test('an attempt comes back with the network’s receipt, and is one line in the log', async () => {
  const { receipt, lines } = await attempt(
    pigeon(async () => sent),
    sender,
  )
  expect(receipt).toEqual(sent)
  expect(lines).toEqual([
    expect.objectContaining({
      msg: 'delivery.attempted',
      deliveryId: delivery.id,
      sender: 'loft-1',
      attempt: 1,
      outcome: 'accepted',
      via: 'send',
      durationMs: expect.any(Number),
      ageMs: expect.any(Number),
    }),
  ])
})

test('neither what a delivery says nor whom it is for is logged', async () => {
  const quoting = refused('content', 'Cannot send "Your table is ready" to person-1')
  const { receipt, text } = await attempt(
    pigeon(async () => quoting),
    sender,
  )
  expect(receipt).toEqual(quoting)
  expect(text).toContain('Cannot send')
  expect(text).not.toContain('Your table is ready')
  expect(text).not.toContain('person-1')
})

test.each([
  ['that nobody registered', undefined],
  ['that is not active', { ...sender, active: false }],
])('a sender %s is refused before any call', async (_which, found) => {
  const { receipt } = await attempt(pigeon(noExchange), found)
  expect(receipt).toEqual(refused('sender', 'the sender is not registered for Pigeon, or not active'))
})

test('a registration that the network cannot use is refused, naming what it lacks and no value', async () => {
  const { receipt } = await attempt(networks.line, { ...sender, attributes: { channelSecret: 'hunter2' } })
  expect(receipt).toMatchObject({
    outcome: 'refused',
    reason: 'sender',
    message: expect.stringContaining('(channelId)'),
  })
  expect(JSON.stringify(receipt)).not.toContain('hunter2')
})

test.each([
  ['in doubt when the network was reached', true],
  ['in no doubt when it was not', false],
])('without an answer the delivery is deferred, and is %s', async (_which, reached) => {
  const { receipt } = await attempt(
    pigeon(() => Promise.reject(new NoAnswer('no answer', reached))),
    sender,
  )
  expect(receipt).toEqual(deferred('no-answer', 'no answer', reached ? { inDoubt: true } : {}))
})

test('a delivery whose validity ends before its call is made has expired', async () => {
  const { receipt } = await attempt(
    pigeon(() => Promise.reject(new TooLate())),
    sender,
  )
  expect(receipt).toEqual(refused('expired', 'its validity ended before Pigeon was called'))
})

test('an attempt whose delivery another worker has taken over comes to nothing, and is not logged as one', async () => {
  const gone = attempt(
    pigeon(() => Promise.reject(new NoLongerHeld('another worker has it'))),
    sender,
  )
  await expect(gone).rejects.toBeInstanceOf(NoLongerHeld)
})

test('a sender whose endpoint may not be called is refused, saying so', async () => {
  const { receipt } = await attempt(
    pigeon(() => Promise.reject(new EndpointNotAllowed('its endpoint may not be called'))),
    sender,
  )
  expect(receipt).toEqual(refused('sender', 'its endpoint may not be called'))
})

test('an attempt that the worker’s stop cut short is deferred, and in doubt', async () => {
  const { receipt } = await attempt(
    pigeon(() => Promise.reject(new Error('aborted'))),
    sender,
    AbortSignal.abort(),
  )
  expect(receipt).toMatchObject({ outcome: 'deferred', reason: 'no-answer', inDoubt: true })
})

test('what breaks on our side is deferred; the receipt tells no details, the log does', async () => {
  const { receipt, text } = await attempt(
    pigeon(() => Promise.reject(new TypeError('x is not a function'))),
    sender,
  )
  expect(receipt).toMatchObject({
    outcome: 'deferred',
    reason: 'fault',
    message: expect.not.stringContaining('x is not'),
  })
  expect(text).toContain('x is not a function')
})

test('a network is opened once for each registration of a sender', () => {
  let opened = 0
  const open = networkOpener(
    { ...networks.line, open: () => ({ deliver: async () => sent, check: noCheck, number: ++opened }) },
    noExchange,
  )
  open(sender)
  open({ ...sender })
  open({ ...sender, id: 'loft-2' })
  expect(opened).toBe(2)
  open({ ...sender, revision: '2' })
  expect(opened).toBe(3)
})

test('a worker without the key to the sender’s secrets does not attempt, and says which key it lacks', async () => {
  const logger = createLogger('test', 'silent')
  const tried = makeAttempt(
    networks.line,
    () => Promise.reject(new UnknownKey('1a2b3c4d')),
    networkOpener(networks.line, noExchange),
    logger,
  )(delivery, context)
  await expect(tried).rejects.toBeInstanceOf(CannotAttempt)
  await expect(tried).rejects.toThrow('sealed with the key 1a2b3c4d, which is not among CREDENTIALS_KEY')
})
