import { Job, type JobJson, Worker } from 'bullmq'

import type { TakenJobJson } from './taken-job.ts'

/**
 * A job in a worker's hands. BullMQ's own is completed in a span, looks whether the connection is there, which the script that
 * completes it waits for as well, and makes the JSON of what it returns twice.
 */
class JobInHand extends Job {
  override async moveToCompleted(
    returned: unknown,
    token: string,
    fetchNext = true,
  ): ReturnType<Job['moveToCompleted']> {
    const { result, finishedOn } = await this.backend.moveToCompleted(this, returned, false, token, fetchNext)
    this.returnvalue = returned
    this.finishedOn = finishedOn
    this.attemptsMade += 1
    return result
  }
}

/** BullMQ's worker without what its jobs here have no use for: a twentieth of what a delivery leaves to the garbage collection. */
export class JobWorker extends Worker {
  /** What was picked up last of each job, by its id. */
  readonly #inHand = new Map<string, Job>()

  /**
   * BullMQ stops renewing a lock by the job's id once it is done with it, for a job that was put off: once it has looked for
   * another. By then the same job may be in hand again, whose lock is not to run out under it.
   */
  override async processJob(job: Job, ...rest: [token: string, fetchNext?: () => boolean]) {
    const { id = '' } = job
    this.#inHand.set(id, job)
    try {
      return await super.processJob(job, ...rest)
    } finally {
      const last = this.#inHand.get(id)
      if (last === job) this.#inHand.delete(id)
      else if (last !== undefined) this.lockManager.trackJob(id, last.token ?? '', last.processedOn ?? 0)
    }
  }

  protected override createJob(json: JobJson, id: string): Job {
    return JobInHand.fromJSON(this, json, id)
  }

  /** What was taken together with another has a token of its own. That there is none, BullMQ's own scripts tell by `null`. */
  protected override nextJobFromJobData(
    json: JobJson | TakenJobJson | null | undefined,
    id?: string,
    token?: string,
  ): Promise<Job> {
    if (json === null || json === undefined) return super.nextJobFromJobData(undefined, id, token)
    return super.nextJobFromJobData(json, id, 'token' in json ? json.token : token)
  }

  /** Traces are told by the attempts themselves. */
  override trace: Worker['trace'] = (_kind, _operation, _destination, callback) => Promise.resolve(callback())
}
