import { type Answer, isObject, notOurs, toError } from './answer.ts'
import type { Call } from './call.ts'
import { OttError } from './ott-error.ts'
import type { Retries } from './retries.ts'
import type { SendRequest } from './send-request.ts'

/** So many requests the API takes in a batch. */
const batchMax = 1000

/** A request of a batch. Its key makes it safe to repeat; it is given one of its own where it has none. */
export type BatchRequest = SendRequest & { readonly idempotencyKey?: string }

/** What became of one request of a batch. `replayed`: an earlier one with its key had been accepted already. */
export type BatchItem =
  | { readonly accepted: true; readonly ottRequestId: string; readonly replayed: boolean }
  | { readonly accepted: false; readonly error: OttError }

type Post = (call: Call) => Promise<Answer>

/**
 * Sends a batch, and those of its requests again that may well go through later, until each is answered for good or all repeats are
 * used up. Rejects where the batch as a whole was refused, or not answered at all.
 */
export async function sendBatch(
  post: Post,
  requests: readonly BatchRequest[],
  { beforeRepeat }: Retries,
  signal: AbortSignal | undefined,
): Promise<BatchItem[]> {
  if (requests.length === 0) return []
  if (requests.length > batchMax) throw new RangeError(`A batch must not have more than ${batchMax} requests.`)
  const keyed = requests.map((request) => ({
    ...request,
    idempotencyKey: request.idempotencyKey ?? crypto.randomUUID(),
  }))
  const postSome = async (places: readonly number[]): Promise<BatchItem[]> => {
    const body = places.map((place) => keyed[place])
    return readItems(await post({ method: 'POST', path: 'ott/v1/send/batch', body, signal }), places.length)
  }
  const items = await postSome([...keyed.keys()])
  for (let repeat = 0; ; repeat += 1) {
    const left = [...items.keys()].filter((place) => whyAgain(items[place]) !== undefined)
    const error = longestOf(left.flatMap((place) => whyAgain(items[place]) ?? []))
    if (error === undefined) return items
    try {
      await beforeRepeat(error, repeat, signal)
      for (const [index, item] of (await postSome(left)).entries()) items[left[index] ?? 0] = item
    } catch (failure) {
      // What has been accepted must be told: that no more could be done is what each of the others says.
      if (failure instanceof OttError) return items
      throw failure
    }
  }
}

/** The error for which a request is sent again, if that is so. */
function whyAgain(item: BatchItem | undefined): OttError | undefined {
  return item?.accepted === false && item.error.retryable ? item.error : undefined
}

/** The one that asks to wait longest. */
function longestOf(errors: readonly OttError[]): OttError | undefined {
  return errors.toSorted((one, other) => (other.retryAfterMs ?? 0) - (one.retryAfterMs ?? 0))[0]
}

function readItems(answer: Answer, count: number): BatchItem[] {
  const { items } = isObject(answer.body) ? answer.body : {}
  if (answer.status !== 207 || !Array.isArray(items) || items.length !== count)
    throw answer.status === 207 ? notOurs(answer) : toError(answer)
  const read: readonly unknown[] = items
  return read.map((item) => readItem(item, answer))
}

function readItem(item: unknown, answer: Answer): BatchItem {
  if (!isObject(item) || typeof item['status'] !== 'number') throw notOurs(answer)
  const { status, ottRequestId, idempotencyReplayed, retryAfter } = item
  if (status === 201 && typeof ottRequestId === 'string')
    return { accepted: true, ottRequestId, replayed: idempotencyReplayed === true }
  const headers = new Headers(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {})
  return { accepted: false, error: toError({ status, headers, body: item }) }
}
