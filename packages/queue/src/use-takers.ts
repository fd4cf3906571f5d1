import { beforeEach } from '@jest/globals'
import { Worker } from 'bullmq'

import { openQueue, prefix } from './connection.ts'
import { backendFor, type DeliveryBackend } from './delivery-backend.ts'
import { useQueues } from './use-queues.ts'

const kept = { age: 3600, count: 1000 }

const toTaking = (removeOnComplete = kept, slowRoom = 100, room = 1, vacated = new Set<string>()) => ({
  lockDuration: 20_000,
  removeOnComplete,
  inHand: { room, slowRoom, vacated },
})

const take = async (taker: DeliveryBackend, ...tokens: readonly string[]) =>
  (await Promise.all(tokens.map((token) => taker.moveToActive(token)))).map(([, id]) => id)

/** For tests: a queue of a Redis of the file's own, and ways into it. It is empty when a test begins. */
export function useTakers() {
  const given = useQueues(['line'])
  beforeEach(() => given.redis().flushdb())

  const aQueue = () => {
    const queue = openQueue('line', given.redis())
    given.afterTest(() => queue.close())
    return queue
  }
  /** A worker's own way into the queue, without its loop. */
  const aTaker = (...taking: Parameters<typeof toTaking>): DeliveryBackend => {
    const options = { connection: given.redis(), prefix, autorun: false }
    const worker = new Worker('line', null, options, backendFor(toTaking(...taking)))
    given.afterTest(() => worker.close())
    return worker.getBackend()
  }
  const add = async (...ids: readonly string[]): Promise<void> => {
    const backend = aQueue().getBackend()
    await Promise.all(ids.map((id) => backend.addDelivery({ id, data: '{}', priority: Number(id[0]) })))
  }
  const jobOf = async (id: string) => {
    const job = await aQueue().getJob(id)
    if (job === undefined) throw new Error(`there is no job ${id}`)
    return job
  }
  /** What ends a job, for as much as the backend looks at it. */
  const complete = async (taker: DeliveryBackend, id: string, token: string, takesNext = false) =>
    taker.moveToCompleted(await jobOf(id), { outcome: 'accepted' }, undefined, token, takesNext)
  /** Ends a job in failure, and tells which one was taken in its place. */
  const failAndTake = async (taker: DeliveryBackend, id: string, token: string) =>
    (await taker.moveToFailed(await jobOf(id), 'refused', false, token, true)).result?.[1]
  const stateOf = async (id: string) => {
    const job = await aQueue().getJob(id)
    return { state: await job?.getState(), pickUps: job?.attemptsStarted, attempts: job?.attemptsMade }
  }
  return { given, kept, toTaking, aTaker, aQueue, add, take, complete, failAndTake, stateOf }
}
