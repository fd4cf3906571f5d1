import { Delivery } from '@ott/delivery'
import { z } from 'zod'

/** The form of job data written now. A later form gets the next number, and its reader beside this one. */
const DeliveryJob = z.object({ v: z.literal(1), delivery: Delivery })
export type DeliveryJob = z.infer<typeof DeliveryJob>

/** The delivery as its job carries it. */
export function toJob(delivery: Delivery): DeliveryJob {
  return { v: 1, delivery }
}

/** The delivery that a job carries, or what is wrong with the job. */
export function readJob(data: unknown): { readonly delivery: Delivery } | { readonly unreadable: string } {
  const job = DeliveryJob.safeParse(data)
  if (job.success) return { delivery: job.data.delivery }
  const issue = job.error.issues[0]
  return {
    unreadable: `the job's data is not of a form this version reads (${issue?.path.join('.')}: ${issue?.message})`,
  }
}
