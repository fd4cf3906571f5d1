import { once } from 'node:events'
import { createServer } from 'node:http'

import { beforeAll, expect, test } from '@jest/globals'

import { Fleet } from './fleet.ts'
import { useRedis } from './use-redis.ts'

const redis = useRedis()
const arrived: string[] = []
const loft = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => arrived.push(`${request.headers.authorization} ${chunk.toString()}`))
  request.on('end', () => response.end('{}'))
})
let loftUrl: string
let fleet: Fleet

beforeAll(async () => {
  loft.listen(0, '127.0.0.1')
  await once(loft, 'listening')
  const address = loft.address()
  if (address === null || typeof address === 'string') throw new Error('the loft has no port')
  loftUrl = `http://127.0.0.1:${address.port}`
  redis.onStop(() => void loft.close())
  fleet = await Fleet.start({
    redisUrl: redis.url,
    networks: ['pigeon'],
    preload: new URL('pigeon/add-pigeon.js', import.meta.url).href,
    env: { ENDPOINT_HOSTS: new URL(loftUrl).host },
  })
  redis.onStop(() => fleet.stop())
})

const request = {
  messageKey: 'order-1',
  validityPeriod: '30',
  from: { senderType: 'pigeon', senderId: 'loft-1' },
  to: { ottId: 'roof-1' },
  message: { contents: [{ type: 'text', text: 'Your table is ready' }] },
}

const attributes = { loftId: 'loft-1', loftKey: 'corn', isActive: 1 }

// The programs under test are the ones that deliver LINE and Messenger: nothing of ingress, queue or worker was touched.
test('a third network is one folder and one line: it registers, validates, queues, delivers and has a status', async () => {
  const incomplete = {
    ottPlatformName: 'pigeon',
    ottPlatformAttributes: { loftId: 'loft-1', isActive: 1, endpointUrl: loftUrl },
  }
  expect(await fleet.api('POST', 'registration', incomplete)).toMatchObject({
    status: 400,
    body: { validationErrors: [{ message: 'LoftKey must be provided' }] },
  })
  const complete = { ...incomplete, ottPlatformAttributes: { ...attributes, endpointUrl: loftUrl } }
  expect(await fleet.api('POST', 'registration', complete)).toMatchObject({ status: 201 })

  const contents = Array.from({ length: 3 }, () => ({ type: 'text', text: 'x'.repeat(41) }))
  const { body } = await fleet.api('POST', 'send', { ...request, to: {}, message: { contents } })
  expect(body).toMatchObject({
    validationErrors: [
      { message: 'Message object cannot contain more than 2 message objects' },
      { message: 'Either OttId or UserReference must be provided in the To object' },
      ...contents.map(() => ({ message: expect.stringContaining('must not be longer than 40 characters') })),
    ],
  })

  const id = await fleet.send(request)
  expect(await fleet.settled(id)).toMatchObject({ event: 'Sent', via: 'wing', messageIds: ['feather-1'] })
  expect(arrived).toEqual([
    'corn {"recipient":{"id":"roof-1"},"contents":[{"type":"text","text":"Your table is ready"}]}',
  ])
})
