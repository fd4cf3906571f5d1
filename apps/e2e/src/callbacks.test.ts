import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { freePort } from '@ott/local'
import { untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { aLineConversation, aMessengerConversation } from './conversation.ts'
import { useFleet } from './use-fleet.ts'

const port = await freePort()
const url = `http://127.0.0.1:${port}/hook`
const fleet = useFleet({ env: { CALLBACK_HOSTS: `127.0.0.1:${port}` } })

const Told = z.object({ type: z.string(), data: z.looseObject({ ottRequestId: z.string().optional() }) })
const told: { readonly id: string; readonly type: string; readonly of: string | undefined; readonly body: string }[] =
  []
const state = { status: 204 }
let receiver: Server

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request)
  const { type, data } = Told.parse(JSON.parse(body))
  told.push({ id: String(request.headers['webhook-id']), type, of: data.ottRequestId, body })
  response.writeHead(state.status).end()
}

beforeAll(async () => {
  receiver = createServer((request, response) => void take(request, response)).listen(port, '127.0.0.1')
  await once(receiver, 'listening')
  const { status } = await fleet().api('PUT', 'callback', { url })
  expect(status).toBe(201)
})

afterAll(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await once(receiver, 'close')
})

const typesOf = (id: string) => [...new Set(told.flatMap(({ of, type }) => (of === id ? [type] : [])))]

test('an integrator is told what becomes of messages, and nothing of what they say', async () => {
  const program = await fleet().addCallbacks()
  const [line, messenger] = [await aLineConversation(fleet()), await aMessengerConversation(fleet())]
  const fault = { network: 'messenger', sender: messenger.senderId, fault: 'expired-token', times: 0 }
  await fleet().sandbox.fault(fault)
  const [sent, parked] = [await fleet().send(line.request()), await fleet().send(messenger.request())]
  const expired = await fleet().send(messenger.request({}, { validityPeriod: 'PT1S' }))
  await untilTrue(() => typesOf(sent).includes('message.sent') && typesOf(parked).includes('message.parked'), 30_000)
  await untilTrue(() => typesOf(expired).includes('message.expired'), 30_000)
  await fleet().sandbox.clearFaults()
  await fleet().registerSender('messenger', { id: messenger.senderId })
  await untilTrue(() => typesOf(parked).includes('message.sent'), 30_000)
  for (const { body } of told) {
    expect(body).not.toContain(line.ottId)
    expect(body).not.toContain('contents')
  }
  await fleet().stopOne(program)
})

test('a callbacks program that is killed at any moment loses nothing, and repeats nothing under another id', async () => {
  const { request } = await aLineConversation(fleet())
  const ids: string[] = []
  const sendSome = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 1) ids.push(await fleet().send(request()))
  }
  const isTold = () => ids.every((id) => typesOf(id).includes('message.sent'))
  for (let kills = 0; kills < 2; kills += 1) {
    const program = await fleet().addCallbacks()
    await sendSome(10)
    // Some are told, others are queued, others not found yet.
    await untilTrue(() => typesOf(ids[0] ?? '').length > 0, 30_000)
    await fleet().kill(program)
    await sendSome(5)
  }
  await fleet().addCallbacks()
  await untilTrue(isTold, 60_000)
  for (const id of ids) expect(new Set(told.flatMap((one) => (one.of === id ? [one.id] : []))).size).toBe(1)
})

test('an operator tests a callback, sees one that was disabled, and has what it missed told', async () => {
  expect(await fleet().ott('callback', 'test', '--account', 'shop')).toContain('It arrived: the endpoint answered 204')
  expect(told.at(-1)?.type).toBe('callback.test')
  state.status = 410
  const { request } = await aLineConversation(fleet())
  await fleet().send(request())
  await untilTrue(
    async () => (await fleet().ott('callback', 'list')).includes('disabled since it answered 410'),
    30_000,
  )
  const missed = await fleet().send(request())
  await fleet().settled(missed)
  state.status = 200
  expect(await fleet().ott('callback', 'enable', '--account', 'shop')).toContain('ott callback replay --account shop')
  await fleet().ott('callback', 'replay', '--account', 'shop', '--since', '1h')
  await untilTrue(() => typesOf(missed).includes('message.sent'), 30_000)
  expect(z.object({ enabled: z.boolean() }).parse((await fleet().api('GET', 'callback')).body).enabled).toBe(true)
})
