import { Delivery } from '@ott/delivery'
import type { Job } from 'bullmq'
import { z } from 'zod'

/** The form of job data written now. A later form gets the next number, and its reader beside these. */
const formNow = 3

/** The id is the job's own, whatever the data says. */
const WithoutId = Delivery.omit({ id: true })

/**
 * The forms that are read. 1 had no `expiresAt`: its deliveries' validity was kept and not enforced, and stays so. 2: those
 * that read only 1 would deliver late. 3 is without the id, and without `extras` where there are none, which made one in twenty
 * of the bytes that Redis keeps of a job.
 */
const forms = new Map<number, z.ZodType<{ readonly delivery: Omit<Delivery, 'id'> }>>([
  [1, z.object({ delivery: WithoutId.omit({ expiresAt: true }) })],
  [2, z.object({ delivery: WithoutId })],
  // https://zod.dev/compile
  [3, z.compile(z.object({ delivery: WithoutId }))],
])

/** What is of none of them. */
const noForm = z.object({ v: z.literal([...forms.keys()]), delivery: z.never() })

/** A job's data, as it is written now. */
export type DeliveryJob = { readonly v: typeof formNow; readonly delivery: Omit<Delivery, 'id'> }

/** The delivery as its job carries it, beside the id. */
export function toJob(delivery: Delivery): DeliveryJob {
  const { extras } = delivery
  const isBare = extras === undefined || Object.keys(extras).length === 0
  // To be left out is what `undefined` means in JSON; V8 takes many times as long to copy all but some properties.
  const written = { ...delivery, id: undefined, extras: isBare ? undefined : extras }
  return { v: formNow, delivery: written }
}

/** What a job's data turned out to be. `newer`: of a form that a later version of this program writes, and can read. */
export type ReadJob = { readonly delivery: Delivery } | { readonly newer: number } | { readonly unreadable: string }

/** Reads a job's delivery, of whatever version. */
export function readJob({ id = '', data }: Pick<Job, 'id' | 'data'>): ReadJob {
  const version = versionOf(data)
  if (version > formNow) return { newer: version }
  const job = (forms.get(version) ?? noForm).safeParse(data)
  if (job.success) return { delivery: { id, ...job.data.delivery } }
  const issue = job.error.issues[0]
  return {
    unreadable: `the job's data is not of a form this version reads (${issue?.path.join('.')}: ${issue?.message})`,
  }
}

/** The number of its form; 0 where there is none. */
function versionOf(data: unknown): number {
  if (typeof data !== 'object' || data === null || !('v' in data)) return 0
  return Number.isSafeInteger(data.v) ? Number(data.v) : 0
}
