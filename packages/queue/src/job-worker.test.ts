import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'
import { DelayedError, type Processor, Queue, UnrecoverableError } from 'bullmq'

import { prefix } from './connection.ts'
import { JobWorker } from './job-worker.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues([])

/** A queue and its worker, with all that BullMQ itself does for it. */
function aWorker(name: string, processor: Processor) {
  const options = { connection: given.redis(), prefix, concurrency: 2, lockDuration: 400 }
  const [queue, worker] = [new Queue(name, options), new JobWorker(name, processor, options)]
  given.afterTest(() => Promise.all([worker.close(), queue.close()]))
  const errors: Error[] = []
  worker.on('error', (error) => errors.push(error))
  return { queue, worker, errors }
}

test('that nothing waits behind a job that has failed is no fault', async () => {
  const { queue, worker, errors } = aWorker('failing', async () => {
    throw new UnrecoverableError('refused')
  })
  const job = await queue.add('deliver', {})
  await untilTrue(() => job.isFailed())
  await worker.close()
  expect(errors).toEqual([])
})

test('the lock of a job that was put off and is in hand again is renewed, whenever its first time ends', async () => {
  const [first, second] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
  const { queue, worker, errors } = aWorker('again', async (job, token) => {
    if (job.attemptsStarted === 2) return second.promise
    await job.moveToDelayed(Date.now(), token)
    await first.promise
    throw new DelayedError()
  })
  const renewals: string[] = []
  worker.on('locksRenewed', ({ jobIds }) => renewals.push(...jobIds))
  const job = await queue.add('deliver', {})
  await untilTrue(async () => (await given.redis().hget(`${prefix}:again:${job.id}`, 'ats')) === '2')
  first.resolve(undefined)
  // One renewal may have been asked for before the first time ended.
  await untilTrue(() => renewals.length >= 2)
  second.resolve(undefined)
  await untilTrue(() => job.isCompleted())
  expect(errors).toEqual([])
})
