import { Delivery } from '@ott/delivery'
import { z } from 'zod'

/** The form of job data written now. A later form gets the next number, and its reader beside these. */
const formNow = 2

const Versioned = z.object({ v: z.int() })

/**
 * The forms that are read. 1 had no `expiresAt`: its deliveries' validity was kept and not enforced, and stays so. 2: those
 * that read only 1 would deliver late.
 */
const forms = new Map<number, z.ZodType<{ readonly delivery: Delivery }>>([
  [1, z.object({ delivery: Delivery.omit({ expiresAt: true }) })],
  [2, z.object({ delivery: Delivery })],
])

const noForm = z.object({ v: z.literal([...forms.keys()]), delivery: z.never() })

/** A job's data, as it is written now. */
export type DeliveryJob = { readonly v: typeof formNow; readonly delivery: Delivery }

/** The delivery as its job carries it. */
export function toJob(delivery: Delivery): DeliveryJob {
  return { v: formNow, delivery }
}

/** What a job's data turned out to be. `newer`: of a form that a later version of this program writes, and can read. */
export type ReadJob = { readonly delivery: Delivery } | { readonly newer: number } | { readonly unreadable: string }

/** Reads a job's data, of whatever version. */
export function readJob(data: unknown): ReadJob {
  const version = Versioned.safeParse(data).data?.v
  if (version !== undefined && version > formNow) return { newer: version }
  const job = (forms.get(version ?? 0) ?? noForm).safeParse(data)
  if (job.success) return job.data
  const issue = job.error.issues[0]
  return {
    unreadable: `the job's data is not of a form this version reads (${issue?.path.join('.')}: ${issue?.message})`,
  }
}
