import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'

import { expect } from '@jest/globals'
import { testWithOwnRedis } from '@ott/local/testing'

import { CorkingConnector } from './corking-connector.ts'
import { closeRedis } from './redis.ts'
import { useOwnRedis } from './use-own-redis.ts'

const server = useOwnRedis()

testWithOwnRedis('what one turn writes goes out together at its end, and nothing waits longer', async () => {
  const socket = await new CorkingConnector({ port: Number(new URL(server.url).port) }).connect(() => undefined)
  await once(socket, 'connect')
  for (const turn of [1, 2]) {
    for (const command of ['PING\r\n', 'PING\r\n', 'PING\r\n']) socket.write(command)
    expect([turn, socket.writableCorked, socket.writableLength]).toEqual([turn, 1, 18])
    await setImmediate()
    expect([turn, socket.writableCorked, socket.writableLength]).toEqual([turn, 0, 0])
  }
  socket.end()
  await once(socket.resume(), 'close')
})

testWithOwnRedis(
  'each command of a turn has its own answer, in order, on a duplicate and on a connection made anew as well',
  async () => {
    const redis = await server.open('waiting')
    const duplicate = redis.duplicate()
    const ask = () =>
      Promise.allSettled([redis.incr('ott:n'), redis.call('GTE', 'x'), duplicate.echo('x'), redis.incr('ott:n')])
    const answers = [
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: expect.objectContaining({ name: 'ReplyError' }) },
      { status: 'fulfilled', value: 'x' },
      { status: 'fulfilled', value: 2 },
    ]
    expect(await ask()).toEqual(answers)
    await redis.del('ott:n')
    redis.disconnect(true)
    expect(await ask()).toEqual(answers)
    await closeRedis(duplicate)
  },
)

testWithOwnRedis('a connection that is ended sends what this turn had asked for before', async () => {
  const redis = await server.open('failing')
  const written = redis.set('ott:last', '1')
  const ended = closeRedis(redis)
  expect(await written).toBe('OK')
  await ended
})
