import { expect, test } from '@jest/globals'
import { listen } from '@ott/runtime'
import express, { type RequestHandler } from 'express'

import { tell, tellAsWritten } from './answer-headers.ts'

async function headersOf(answer: RequestHandler): Promise<Headers> {
  const app = express()
  tellAsWritten(app)
  app.use((_request, response, next) => {
    tell(response, 'X-Told', 'first')
    tell(response, 'Cache-Control', 'no-store')
    tell(response, 'X-Told', 'last')
    next()
  })
  app.get('/', answer)
  const listening = await listen(app, { host: '127.0.0.1', port: 0, variable: 'PORT' })
  try {
    return (await fetch(listening.url)).headers
  } finally {
    await listening.close()
  }
}

const ways: [way: string, answer: RequestHandler][] = [
  ['a list', (_request, response) => void response.writeHead(201, ['X-Own', '1']).end()],
  ['an object', (_request, response) => void response.writeHead(201, { 'X-Own': '1' }).end()],
  ['an object and words', (_request, response) => void response.writeHead(201, 'Made', { 'X-Own': '1' }).end()],
  ['one by one', (_request, response) => void response.set('X-Own', '1').json({})],
]

test.each(ways)(
  'an answer that has its own headers as %s tells the others too, each as it was told last',
  async (_way, answer) => {
    const headers = await headersOf(answer)
    expect(headers.get('x-own')).toBe('1')
    expect(headers.get('x-told')).toBe('last')
    expect(headers.get('cache-control')).toBe('no-store')
  },
)

test('what a route sets of these itself stays as it is', async () => {
  const headers = await headersOf((_request, response) => void response.set('Cache-Control', 'max-age=60').json({}))
  expect(headers.get('cache-control')).toBe('max-age=60')
})
