/** A delivery to be queued, as BullMQ keeps its job. */
export type NewJob = {
  readonly id: string
  /** JSON. */
  readonly data: string
  readonly priority: number
  /** The key that finds the delivery by the client's own, and for how many seconds. */
  readonly key?: { readonly name: string; readonly seconds: number } | undefined
}

/** What the script is told of a delivery that no key finds. */
const noKey: NonNullable<NewJob['key']> = { name: '', seconds: 0 }

/** Adds deliveries, queued at `now` (milliseconds since 1970), to the arguments of the script that queues them. */
export function writeNewJobs(jobs: readonly NewJob[], now: number, given: (string | number | undefined)[]): void {
  for (const { id, data, priority, key = noKey } of jobs) given.push(id, data, priority, now, key.name, key.seconds)
}
