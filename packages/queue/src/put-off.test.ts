import { expect, test } from '@jest/globals'
import { DelayedError, Queue, Worker } from 'bullmq'

import { aDelivery } from './a-delivery.ts'
import { prefix } from './connection.ts'
import { toJob } from './job.ts'
import { putOff } from './put-off.ts'
import { useQueues } from './use-queues.ts'

const given = useQueues(['line'])

/** A job that is in hand. `active` is where BullMQ has it then, and without which it refuses to delay it. */
async function inHand() {
  const connection = given.redis()
  const queue = new Queue('line', { connection, prefix })
  const worker = new Worker('line', null, { connection, prefix })
  given.afterTest(() => Promise.all([queue.close(), worker.close()]))
  const { id = '' } = await queue.add('deliver', toJob(aDelivery()))
  const job = await worker.getNextJob('me')
  if (job === undefined) throw new Error('the job was not taken')
  const key = `${prefix}:line:${id}`
  return { id, job, active: queue.toKey('active'), put: () => putOff(given.redis(), job, { key, token: 'me' }, 1000) }
}

const pickUpsOf = async (id: string) => Number(await given.redis().hget(`${prefix}:line:${id}`, 'ats'))

test('a delivery that is put off waits as if it had not been picked up', async () => {
  const { id, put } = await inHand()
  await expect(put()).rejects.toBeInstanceOf(DelayedError)
  expect(await pickUpsOf(id)).toBe(0)
})

test('where it cannot be put off, what is written of it then has the number that its pick-up is kept under', async () => {
  const { id, job, active, put } = await inHand()
  await given.redis().lrem(active, 0, id)
  await expect(put()).rejects.not.toBeInstanceOf(DelayedError)
  expect(job.attemptsStarted).toBe(await pickUpsOf(id))
})

test('a connection that breaks and says it again takes no other pick-up back with it', async () => {
  const { id, job, active, put } = await inHand()
  const pickUp = job.attemptsStarted
  await given.redis().lrem(active, 0, id)
  await expect(put()).rejects.not.toBeInstanceOf(DelayedError)
  await given.redis().lpush(active, id)
  await given.redis().set(`${prefix}:line:${id}:lock`, 'me')
  job.attemptsStarted = pickUp
  await expect(put()).rejects.toBeInstanceOf(DelayedError)
  expect(await pickUpsOf(id)).toBe(0)
})
