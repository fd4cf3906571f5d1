import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'

import { expect, test } from '@jest/globals'

import { listen } from './listen.ts'

const anyPort = { host: '127.0.0.1', port: 0, variable: 'PORT' }

test('a server that closes answers the request it holds, though its client would keep the connection busy for ever', async () => {
  const { promise: held, resolve: hold } = Promise.withResolvers<() => void>()
  let answered = 0
  const server = await listen((_request, response) => {
    const answer = (): void => void response.end('ok')
    answered += 1
    if (answered === 1) hold(answer)
    else answer()
  }, anyPort)

  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const firstAnswer = answerTo(server.url, agent)
  const release = await held
  const closed = server.close()
  const next = answerTo(server.url, agent) // Waits for the one connection.
  release()
  expect((await firstAnswer).statusCode).toBe(200)
  expect((await next).headers.connection).toBe('close')
  await closed
  agent.destroy()
})

test('a server without requests closes at once, kept-alive connections or not', async () => {
  const server = await listen((_request, response) => void response.end('ok'), anyPort)
  const agent = new Agent({ keepAlive: true })
  await answerTo(server.url, agent)
  const startedAt = performance.now()
  await server.close()
  expect(performance.now() - startedAt).toBeLessThan(1000)
  agent.destroy()
})

async function answerTo(url: string, agent: Agent): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  get(url, { agent }, resolve).on('error', reject)
  const answer = await promise
  answer.resume()
  await once(answer, 'end')
  return answer
}
