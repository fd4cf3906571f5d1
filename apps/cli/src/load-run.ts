import { type BatchItem, type BatchRequest, type Client, OttError } from '@ott/client'

import type { Row } from './load-rows.ts'
import { rest } from './rate.ts'

/** Why a row is not sent. `error` is the API's word; without one the row could not even be read. */
export type Refusal = { readonly message: string; readonly error?: OttError; readonly request?: BatchRequest }

/** What became of a row: `replayed` when it had been accepted before. */
export type SettledRow = { readonly row: number } & (
  | { readonly accepted: true; readonly replayed: boolean }
  | { readonly accepted: false; readonly refusal: Refusal }
)

export type LoadOptions = {
  readonly client: Client
  /** Rows a second; as many as go where there is none. */
  readonly rate: number | undefined
  /** Batches under way at a time. */
  readonly concurrency: number
  /** When it is aborted, no further batch is begun. */
  readonly signal: AbortSignal
  /** When it is aborted, those under way are no longer waited for. */
  readonly giveUp: AbortSignal
}

/** As many as the API takes in at a time, and so few that an interrupt is heard. */
const batchMax = 100

/** Of a batch's JSON. The API takes four times as much, unless it is told otherwise. */
const batchBytesMax = 1024 * 1024

/** So many batches a second make a rate even. */
const batchesPerSecond = 10

/**
 * Sends rows, and yields what became of each, in their order. Throws what stands in the way of all of them, once what is under way has
 * ended: the row after the last that was yielded is the first one that is to be sent again.
 */
export async function* load(rows: AsyncIterable<Row>, options: LoadOptions): AsyncGenerator<SettledRow> {
  const underWay: Promise<Sent>[] = []
  const settle = async function* (): AsyncGenerator<SettledRow> {
    const { settled, failure } = (await underWay.shift()) ?? { settled: [] }
    yield* settled
    if (failure === undefined) return
    await Promise.all(underWay)
    throw failure
  }
  for await (const batch of toBatches(rows, options)) {
    underWay.push(send(batch, options))
    if (underWay.length >= options.concurrency) yield* settle()
  }
  while (underWay.length > 0) yield* settle()
}

async function* toBatches(rows: AsyncIterable<Row>, { rate, signal }: LoadOptions): AsyncGenerator<readonly Row[]> {
  const most = rate === undefined ? batchMax : Math.min(batchMax, Math.max(1, Math.floor(rate / batchesPerSecond)))
  let [batch, bytes, dueAt]: [Row[], number, number] = [[], 0, 0]
  const turn = async (): Promise<void> => {
    // What a slow batch missed is not made up for: that would be a burst.
    dueAt = Math.max(dueAt, performance.now())
    await rest(dueAt - performance.now(), signal)
    if (rate !== undefined) dueAt += (batch.length / rate) * 1000
  }
  for await (const row of rows) {
    if (signal.aborted) return
    const size = 'request' in row ? Buffer.byteLength(JSON.stringify(row.request)) : 0
    if (batch.length >= most || (batch.length > 0 && bytes + size > batchBytesMax)) {
      await turn()
      if (signal.aborted) return
      yield batch
      ;[batch, bytes] = [[], 0]
    }
    batch.push(size > batchBytesMax ? { ...row, problem: `The row is larger than ${batchBytesMax} bytes` } : row)
    bytes += size
  }
  if (batch.length === 0) return
  await turn()
  if (!signal.aborted) yield batch
}

/** What became of a batch: of its rows up to the first that could not be settled, for the `failure`. */
type Sent = { readonly settled: readonly SettledRow[]; readonly failure?: Error }

/** Never rejects: another batch may be waited for when it fails. */
async function send(batch: readonly Row[], { client, giveUp }: LoadOptions): Promise<Sent> {
  const requests = batch.flatMap((row) => ('request' in row ? row.request : []))
  try {
    return toSent(batch, await client.sendBatch(requests, { signal: giveUp }))
  } catch (error) {
    return { settled: [], failure: error instanceof Error ? error : new Error(String(error)) }
  }
}

function toSent(batch: readonly Row[], items: readonly BatchItem[]): Sent {
  const settled: SettledRow[] = []
  const answers = items.values()
  for (const given of batch) {
    const { row } = given
    if ('problem' in given) {
      settled.push({ row, accepted: false, refusal: { message: given.problem } })
      continue
    }
    const item = answers.next().value
    if (item === undefined) return { settled, failure: new Error('a batch was answered with too few items') }
    if (item.accepted) settled.push({ row, accepted: true, replayed: item.replayed })
    else if (isOfAll(item.error)) return { settled, failure: item.error }
    else settled.push({ row, accepted: false, refusal: toRefusal(item.error, given.request) })
  }
  return { settled }
}

/** Whether the other rows would fare no better: it is not the row's fault. */
function isOfAll({ status = 500, retryable }: OttError): boolean {
  return retryable || status >= 500
}

function toRefusal(error: OttError, request: BatchRequest): Refusal {
  return { message: error.message, error, request }
}
