import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'

import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { aLineUser, useApi } from './use-api.ts'
import { header, row, useLoadFiles } from './use-load-files.ts'
import { startOtt } from './use-ott.ts'

const api = useApi()
const files = useLoadFiles()

test('an interrupt stops it in order, and the same command goes on with the next row', async () => {
  const person = aLineUser()
  const count = 60
  const rows = Array.from({ length: count }, (_row, number) => row(`interrupted-${number}`, person))
  const file = await files.write('interrupted.csv', header, ...rows)
  const child = startOtt(['load', file, '--rate', '20', '--json'], api.env())
  child.stdin.end()
  await untilTrue(async () => (await api.received(person)).length > 10)
  child.kill('SIGINT')
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')])
  expect(child.exitCode).toBe(130)
  const first: { accepted: number } = JSON.parse(printed)
  expect(first).toMatchObject({ interrupted: true, failure: null })
  expect(first.accepted).toBeGreaterThan(10)
  expect(first.accepted).toBeLessThan(count)
  // Nothing had to be sent again: all that was under way was waited for.
  expect(await api.json(['load', file])).toMatchObject({ rows: count, accepted: count, replayed: 0, refused: 0 })
  await api.untilReceived(person, count)
})

test('one that is killed goes on, and nobody is written to twice', async () => {
  const person = aLineUser()
  const count = 60
  const rows = Array.from({ length: count }, (_row, number) => row('', person, `Hello ${number}`))
  const file = await files.write('killed.csv', header, ...rows)
  const child = startOtt(['load', file, '--rate', '20'], api.env())
  child.stdin.end()
  await untilTrue(async () => (await api.received(person)).length > 10)
  child.kill('SIGKILL')
  await once(child, 'close')
  expect(await api.json(['load', file])).toMatchObject({ rows: count, accepted: count, refused: 0 })
  await api.untilReceived(person, count)
})

test('an interrupt is heard while the API does not answer', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  const OTT_URL = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const file = await files.write('silent.csv', header, row('silent-a', aLineUser()))
  const child = startOtt(['load', file], { ...api.env(), OTT_URL })
  const [socket]: Socket[] = await once(silent, 'connection')
  child.kill('SIGINT')
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')])
  expect({ code: child.exitCode, printed }).toMatchObject({
    code: 130,
    printed: expect.stringContaining('Interrupted'),
  })
  socket?.destroy()
  silent.close()
})
