import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'

import { jobHider, showJobData } from './redaction.ts'

/** Shows jobs without what is said in them and to whom: they are taken where they are read, before any page or answer is made of them. */
export class RedactingAdapter extends BullMQAdapter {
  override async getJob(id: string): ReturnType<BullMQAdapter['getJob']> {
    const job = await super.getJob(id)
    return job === undefined ? undefined : redact(job)
  }

  override async getJobs(...range: Parameters<BullMQAdapter['getJobs']>): ReturnType<BullMQAdapter['getJobs']> {
    return (await super.getJobs(...range)).map(redact)
  }

  override async getJobLogs(id: string): Promise<string[]> {
    const job = await super.getJob(id)
    return (await super.getJobLogs(id)).map(jobHider(job?.data))
  }
}

/** What of a job is said in words. */
type Worded = { readonly data: unknown; readonly failedReason: string; readonly stacktrace: readonly string[] | null }

/** The same job, changed to be shown; a board that may not write never saves it. */
function redact<Job extends Worded>(job: Job): Job {
  // Networks quote what they were sent, so that a failure can hold what the delivery did.
  const hide = jobHider(job.data)
  return Object.assign(job, {
    data: showJobData(job.data),
    failedReason: job.failedReason && hide(job.failedReason),
    stacktrace: job.stacktrace?.map(hide) ?? null,
  })
}
