import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

import { indexOf } from '../load/message.ts'
import { Arrivals, now } from './arrivals.ts'
import { Throttle } from './throttle.ts'

// The network as the bench needs it: it answers as LINE does when all is well, and costs next to nothing. The sandbox, which
// checks all that LINE checks, would be the bottleneck.

const arrivals = new Arrivals()
let delayMs = 0
let throttle: Throttle | undefined

const headers = { 'content-type': 'application/json', 'x-line-request-id': '9a1ef3e2-4a0f-4b6e-8d4c-1c2b3a4d5e6f' }
const sent = JSON.stringify({ sentMessages: [{ id: '461230966842064897', quoteToken: 'IStG5h1Tz7b' }] })
const tooMany = JSON.stringify({ message: 'The API rate limit has been exceeded. Try again later.' })
const issued = JSON.stringify({ token_type: 'Bearer', access_token: 'a'.repeat(172), expires_in: 900 })

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()))
}).listen(Number(process.env['PORT']), '127.0.0.1')

const isDelivery: ReadonlySet<string> = new Set(['/line/v2/bot/message/push', '/line/v2/bot/message/reply'])

function answer({ url = '' }: IncomingMessage, response: ServerResponse, body: string): void {
  const end = (text: string): void => void response.writeHead(200, headers).end(text)
  if (isDelivery.has(url)) deliver(response, indexOf(body), end)
  else if (url === '/line/oauth2/v3/token') end(issued)
  else if (url === '/line/v2/bot/message/quota') end('{"type":"none"}')
  else control(new URL(url, 'http://localhost'), end)
}

function deliver(response: ServerResponse, index: number | undefined, end: (text: string) => void): void {
  const at = now()
  if (throttle?.takes(index, at) === false) return void response.writeHead(429, headers).end(tooMany)
  arrivals.note(index, at)
  if (delayMs === 0) end(sent)
  else setTimeout(end, delayMs, sent)
}

/** How the bench sets it, and asks it. */
function control({ pathname, searchParams }: URL, end: (text: string) => void): void {
  const number = (name: string): number => Number(searchParams.get(name))
  if (pathname === '/bench/start') {
    arrivals.start(number('first'), number('length'))
    delayMs = number('delayMs')
    throttle = searchParams.has('perSecond') ? new Throttle(number('throttledFrom'), number('perSecond')) : undefined
  }
  end(JSON.stringify(pathname === '/bench/arrivals' ? arrivals.at : arrivals.count))
}
