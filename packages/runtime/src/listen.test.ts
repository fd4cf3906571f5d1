import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'

import { expect, test } from '@jest/globals'
import { durationOf } from '@ott/local/testing'

import { listen } from './listen.ts'

const anyPort = { host: '127.0.0.1', port: 0, variable: 'PORT' }

test('a server that closes answers what it holds, and is closed soon though its clients would keep it busy for ever', async () => {
  const { promise: held, resolve: hold } = Promise.withResolvers<() => void>()
  const server = await listen((request, response) => {
    const answer = (): void => void response.end('ok')
    if (request.url === '/held') hold(answer)
    else answer()
  }, anyPort)
  const agent = new Agent({ keepAlive: true })
  const answered = answerTo(`${server.url}/held`, agent)
  const release = await held
  // Sends one request after the other, as long as they are answered.
  const busy = (async () => {
    while (await answerTo(server.url, agent).catch(() => undefined));
  })()

  const closed = durationOf(() => server.close())
  release()
  expect((await answered).statusCode).toBe(200)
  expect(await closed).toBeLessThan(2000)
  await busy
  agent.destroy()
})

test('a server without requests closes at once, kept-alive connections or not', async () => {
  const server = await listen((_request, response) => void response.end('ok'), anyPort)
  const agent = new Agent({ keepAlive: true })
  await answerTo(server.url, agent)
  expect(await durationOf(() => server.close())).toBeLessThan(1000)
  agent.destroy()
})

test('a request that never arrives whole is not waited for', async () => {
  const server = await listen(() => undefined, anyPort)
  const slow = connect(Number(new URL(server.url).port), '127.0.0.1')
  slow.on('error', () => undefined).resume()
  await once(slow, 'connect')
  const arriving = once(server.server, 'request')
  slow.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
  await arriving
  const gone = once(slow, 'close')
  await server.close()
  await gone
})

async function answerTo(url: string, agent: Agent): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  get(url, { agent }, resolve).on('error', reject)
  const answer = await promise
  answer.resume()
  await once(answer, 'end')
  return answer
}
