import { Worker } from 'bullmq'

import type { Message } from './message.ts'

// The worker that one writes in an afternoon: BullMQ's, and the fetch that Node has.

const networkUrl = process.env['NETWORK_URL'] ?? ''

const worker = new Worker<Message>(
  'messages',
  async ({ data: { to, message } }) => {
    const answer = await fetch(`${networkUrl}/line/v2/bot/message/push`, {
      method: 'POST',
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      body: JSON.stringify({ to: to.ottId, messages: message.contents }),
    })
    if (!answer.ok) throw new Error(`LINE answered ${answer.status}`)
    return answer.json()
  },
  {
    connection: { host: '127.0.0.1', port: Number(process.env['REDIS_PORT']) },
    concurrency: Number(process.env['CONCURRENCY']),
  },
)
await worker.waitUntilReady()
process.stdout.write('ready\n')
