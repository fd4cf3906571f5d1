import { Queue } from 'bullmq'
import express from 'express'

import { Message } from './message.ts'

// The ingress that one writes in an afternoon, from the front pages of Express, zod and BullMQ.

const queue = new Queue('messages', {
  connection: { host: '127.0.0.1', port: Number(process.env['REDIS_PORT']) },
  defaultJobOptions: { removeOnComplete: true },
})

const app = express()
app.use(express.json())
app.post('/messages', async (request, response) => {
  const job = await queue.add('send', Message.parse(request.body))
  response.status(201).json({ id: job.id })
})
app.get('/health/ready', (_request, response) => {
  response.send('ok')
})
app.listen(Number(process.env['PORT']), '127.0.0.1')
