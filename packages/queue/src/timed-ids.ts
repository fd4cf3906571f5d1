import type { Redis } from '@ott/runtime'

/** An entry of a sorted set that is ordered by time: milliseconds since 1970, and among those of one moment by id. */
export type TimedId = { readonly at: number; readonly id: string }

/** Both ends are included; `after`: where a walk goes on, this one left out. */
type Range = {
  readonly from: number
  readonly to: number
  readonly after?: TimedId | undefined
  readonly pageSize: number
}

/** Up to a page of the entries of a time, in their order; none once there are no more. */
export async function timedIdsAfter(
  redis: Redis,
  key: string,
  { from, to, after, pageSize }: Range,
): Promise<readonly TimedId[]> {
  const start = Math.max(from, after?.at ?? from)
  // More entries than a page holds may be of the millisecond that the walk has come to.
  for (let offset = 0; ; offset += pageSize) {
    const read = toTimedIds(await redis.zrangebyscore(key, start, to, 'WITHSCORES', 'LIMIT', offset, pageSize))
    const beyond = read.filter((entry) => isBeyond(entry, after))
    if (beyond.length > 0 || read.length < pageSize) return beyond
  }
}

function toTimedIds(idsAndTimes: readonly string[]): TimedId[] {
  const entries: TimedId[] = []
  for (let index = 0; index < idsAndTimes.length; index += 2)
    entries.push({ id: idsAndTimes[index] ?? '', at: Number(idsAndTimes[index + 1]) })
  return entries
}

/** In the order of a sorted set: by score, then byte by byte. */
function isBeyond(entry: TimedId, after: TimedId | undefined): boolean {
  if (after === undefined || entry.at > after.at) return true
  return entry.at === after.at && Buffer.compare(Buffer.from(entry.id), Buffer.from(after.id)) > 0
}
