import { expect, test } from '@jest/globals'
import { durationOf, untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { aRegistration } from './registration/requests.ts'
import { problemsOf } from './use-ingress.ts'
import { useStoredIngress, withClients } from './use-stored-ingress.ts'

const { redis, become } = useStoredIngress()

const path = '/ott/v1/registration'
const notRegistered = '10005 Sender Id provided is either unregistered or inactive'

test('another account’s senders, deliveries and keys are not there, on any route', async () => {
  const [shop, rival] = [await become('shop'), await become('rival')]
  await shop.request('POST', path, aRegistration({ channelName: 'Shop' }))
  const sent = await shop.send()
  const { ottRequestId } = z.object({ ottRequestId: z.string() }).parse(sent.json)

  expect(problemsOf(await rival.send())).toEqual([notRegistered])
  for (const idOrKey of [ottRequestId, ottRequestId.toUpperCase(), 'order-4711'])
    expect((await rival.request('GET', `/ott/v1/send/${idOrKey}`)).status).toBe(404)
  expect((await rival.request('GET', `${path}/line/1656000000`)).status).toBe(404)
  expect((await rival.request('DELETE', `${path}/line/1656000000`)).status).toBe(404)
  expect((await rival.request('GET', `${path}/line`)).json).toMatchObject({ count: 0, items: [] })

  expect((await shop.request('GET', `/ott/v1/send/${ottRequestId}`)).status).toBe(200)
  expect((await shop.request('GET', '/ott/v1/send/order-4711')).status).toBe(200)
  expect((await shop.request('GET', `${path}/line`)).json).toMatchObject({ count: 1 })
})

test('an account’s names are its own: the same id and key stand for another sender and delivery elsewhere', async () => {
  const [shop, rival] = [await become('shop'), await become('rival')]
  await shop.request('POST', path, aRegistration({ channelName: 'Shop' }))
  await rival.request('POST', path, aRegistration({ channelName: 'Rival' }))
  await shop.send({ messageGroupKey: 'of the shop' })
  await rival.send({ messageGroupKey: 'of the rival' })

  expect((await shop.request('GET', '/ott/v1/send/order-4711')).text).toContain('of the shop')
  expect((await rival.request('GET', '/ott/v1/send/order-4711')).text).toContain('of the rival')
  expect((await shop.request('GET', `${path}/line/1656000000`)).text).toContain('"Shop"')
  expect((await rival.request('DELETE', `${path}/line/1656000000`)).status).toBe(204)
  expect((await shop.send()).status).toBe(201)
  expect(problemsOf(await rival.send())).toEqual([notRegistered])
})

test('two clients of one account see the same', async () => {
  const [web, office] = [await become('family'), await become('family')]
  await web.request('POST', path, aRegistration({ channelName: 'Family' }))
  await web.send({ messageKey: 'ours' })
  expect((await office.request('GET', '/ott/v1/send/ours')).status).toBe(200)
  expect((await office.send()).status).toBe(201)
})

test('a client that is disabled elsewhere is refused within a second, and gets a token that is good once enabled', async () => {
  const { client, request, askToken, renewToken } = await become('shop')
  const status = async () => (await request('GET', `${path}/line`)).status
  expect(await status()).toBe(200)

  await withClients(redis.url, (clients) => clients.setEnabled(client.id, false))
  expect(await durationOf(() => untilTrue(async () => (await status()) === 401))).toBeLessThan(1000)
  expect((await askToken()).status).toBe(401)

  await withClients(redis.url, (clients) => clients.setEnabled(client.id, true))
  await untilTrue(async () => (await askToken()).status === 200)
  await renewToken()
  expect(await status()).toBe(200)
})

test('a client with a new secret gets no token for the old one', async () => {
  const { client, askToken } = await become('shop')
  await withClients(redis.url, (clients) => clients.rotateSecret(client.id))
  await untilTrue(async () => (await askToken()).status === 401)
})
