import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { type Delivery, type Earlier, noEarlier, type Sender } from '@ott/delivery'
import { type Http, networks, openHttp } from '@ott/networks'
import { z } from 'zod'

import { openTestSandbox, person, type TestSandbox } from './test-sandbox.ts'

// The networks' adapters against the sandbox: however answers are lost, its ledger tells how often the person was written to.

const hourMs = 60 * 60 * 1000
const psid = '4321567890123456'
const Ledger = z.object({ entries: z.array(z.looseObject({ via: z.string() })) })

let sandbox: TestSandbox
let http: Http
beforeAll(async () => {
  sandbox = await openTestSandbox()
  http = openHttp({ timeoutMs: 300, firstRepeatMs: 1, endpointHosts: [new URL(sandbox.url).host] })
})
beforeEach(async () => {
  for (const log of ['faults', 'ledger']) await sandbox.call(`/sandbox/${log}`, undefined, { method: 'DELETE' })
})
afterAll(async () => {
  await sandbox.close()
  await http.close()
})

const plan = (fault: object) => sandbox.control('/faults', fault)
const writtenBy = async () => Ledger.parse(await sandbox.control('/ledger')).entries.map(({ via }) => via)

/** Delivers as a worker that has just started does. */
function deliver(delivery: Delivery, attributes: Sender['attributes'] = {}, earlier: Earlier = noEarlier) {
  const line = delivery.network === 'line'
  const given: Sender['attributes'] = line
    ? { channelId: '1', channelSecret: 's' }
    : { applicationSecret: 's', pageId: '100', pageAccessToken: 't' }
  const { account, network, sender: id } = delivery
  const endpointUrl = sandbox.url + (line ? '/line/v2/bot/message' : '/messenger/v26.0/me/messages')
  const sender = { account, network, id, active: true, endpointUrl, attributes: { ...given, ...attributes } }
  return networks[line ? 'line' : 'messenger']
    .open({ ...sender, revision: '1' }, http.exchange)
    .deliver(delivery, { signal: new AbortController().signal, earlier, record: async () => undefined })
}

function aDelivery(network: 'line' | 'messenger', changes: Partial<Delivery> = {}): Delivery {
  return {
    id: randomUUID(),
    account: 'shop',
    network,
    sender: '1',
    recipient: { id: network === 'line' ? person : psid },
    contents: [{ type: 'text', text: 'Your table is ready' }],
    key: 'order-1',
    validity: '30',
    purpose: 'update',
    createdAt: Date.now(),
    ...changes,
  }
}

const answering = async () =>
  aDelivery('line', { recipient: { id: person, reference: await sandbox.replyToken({ userId: person }) } })

const faults = [
  ['drop-before', {}],
  ['drop-after', {}],
  ['slow-answer', { delayMs: 600_000 }],
  ['garbage', {}],
  ['unavailable', {}],
] as const

test.each(faults)('a push that meets %s is written once, and known to be', async (fault, details) => {
  await plan({ network: 'line', fault, ...details })
  expect(await deliver(aDelivery('line'))).toMatchObject({ outcome: 'accepted', via: 'push' })
  expect(await writtenBy()).toEqual(['push'])
})

test.each(faults)('a reply that meets %s is written once, as a reply', async (fault, details) => {
  await plan({ network: 'line', fault, operation: 'reply', ...details })
  const receipt = await deliver(await answering())
  expect(receipt).toMatchObject({ outcome: 'accepted', via: 'reply' })
  const lost = fault === 'drop-after' || fault === 'slow-answer'
  expect(Object.hasOwn(receipt, 'confirmed')).toBe(lost)
  expect(await writtenBy()).toEqual(['reply'])
})

test('a reply whose worker died is written once, whether it got through or not', async () => {
  const earlier = { recorded: 'reply', inDoubt: true, doubtfulSince: Date.now() }
  const got = await answering()
  await deliver(got)
  expect(await deliver(got, {}, earlier)).toMatchObject({ via: 'reply', confirmed: false })
  expect(await writtenBy()).toEqual(['reply'])
  expect(await deliver(await answering(), {}, earlier)).not.toHaveProperty('confirmed')
  expect(await writtenBy()).toEqual(['reply', 'reply'])
})

test('a reply whose token has expired is written once, as a push', async () => {
  const late = await answering()
  await sandbox.control('/clock', { advanceSeconds: 60 })
  expect(await deliver(late)).toMatchObject({ via: 'push' })
  expect(await writtenBy()).toEqual(['push'])
})

test('a push that got through unseen is not repeated once LINE has forgotten its retry key', async () => {
  const delivery = aDelivery('line')
  await plan({ network: 'line', fault: 'drop-after', times: 0 })
  await expect(deliver(delivery)).rejects.toMatchObject({ name: 'NoAnswer', reached: true })
  await sandbox.call('/sandbox/faults', undefined, { method: 'DELETE' })
  await sandbox.control('/clock', { advanceSeconds: 86_400 })
  const earlier = { inDoubt: false, doubtfulSince: Date.now() - 24 * hourMs }
  expect(await deliver(delivery, {}, earlier)).toMatchObject({ outcome: 'refused', reason: 'ambiguous' })
  expect(await writtenBy()).toEqual(['push'])
})

test.each(['drop-before', 'drop-after'])('at most once, a send that meets %s is never made again', async (fault) => {
  await plan({ network: 'messenger', fault })
  const delivery = aDelivery('messenger')
  const page = { unknownOutcome: 'error' }
  const ambiguous = { outcome: 'refused', reason: 'ambiguous' }
  expect(await deliver(delivery, page)).toMatchObject(ambiguous)
  const earlier = { recorded: 'send', inDoubt: true, doubtfulSince: Date.now() }
  expect(await deliver(delivery, page, earlier)).toMatchObject(ambiguous)
  expect(await writtenBy()).toEqual(fault === 'drop-after' ? ['send'] : [])
})

test('at least once, a send whose answer is lost is made again, and both name their delivery', async () => {
  await plan({ network: 'messenger', fault: 'drop-after' })
  const delivery = aDelivery('messenger')
  await expect(deliver(delivery)).rejects.toMatchObject({ name: 'NoAnswer', reached: true })
  expect(await deliver(delivery)).toMatchObject({ outcome: 'accepted' })
  const messages = [{ text: 'Your table is ready', metadata: delivery.id }]
  expect(await sandbox.control('/ledger')).toMatchObject({ entries: [{ messages }, { messages }] })
})
