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
  protected override createJob(json: JobJson, id: string): Job {
    return JobInHand.fromJSON(this, json, id)
  }

  /** What was taken together with another has a token of its own. */
  protected override nextJobFromJobData(json?: JobJson | TakenJobJson, id?: string, token?: string): Promise<Job> {
    return super.nextJobFromJobData(json, id, json !== undefined && 'token' in json ? json.token : token)
  }

  /** Traces are told by the attempts themselves. */
  override trace: Worker['trace'] = (_kind, _operation, _destination, callback) => Promise.resolve(callback())
}
