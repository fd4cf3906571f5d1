import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

import { OttError } from '@ott/client'

import { type Api, toWords } from './api.ts'
import { Failure, UsageFailure } from './failure.ts'
import { LoadReport, reportFile } from './load-report.ts'
import { countRows, readRows } from './load-rows.ts'
import { load, type SettledRow } from './load-run.ts'
import { type LoadState, readState, writeState } from './load-state.ts'
import { showProgress } from './progress.ts'
import { whileWaiting } from './waiting.ts'

export type LoadFileOptions = {
  readonly api: Api
  readonly signal: AbortSignal
  /** Shows no progress. */
  readonly quiet: boolean
  readonly format?: 'csv' | 'ndjson' | undefined
  readonly delimiter: string
  readonly validity: string
  readonly rate?: number | undefined
  readonly concurrency: number
}

/** What the load of a file has come to, in all its runs. `failure`: what stood in the way of the rest. */
export type LoadResult = Pick<LoadState, 'accepted' | 'replayed' | 'refused'> & {
  readonly rows: number
  readonly report: string | null
  readonly interrupted: boolean
  readonly failure: string | null
  readonly alreadyLoaded: boolean
}

/** What a kill can cost: rows of this time are asked for again by the next run, and answered as those of before. */
const keepEveryMs = 1000

/** An interrupt waits so long for what is under way. */
const graceMs = 5000

/** Loads a file, or goes on with it where an earlier run has stopped. Throws a Failure when it cannot be read. */
export async function loadFile(file: string, options: LoadFileOptions): Promise<LoadResult> {
  const { api, signal } = options
  const rowOptions = { ...options, file, format: options.format ?? toFormat(file) }
  const hash = await whileWaiting(`Reading ${file}`, hashOf(file))
  const state = await readState(file, { hash, url: api.url, clientId: api.clientId })
  if (state.finished) return toResult(state, file, { alreadyLoaded: true })
  // All of it, before anything is sent: a file that must be mended is another one then.
  const total = await whileWaiting(`Reading ${file}`, countRows(rowOptions))

  const report = await LoadReport.open(file, state.reportBytes)
  const giveUp = giveUpAfter(signal)
  const rows = readRows(rowOptions, hash, state.settledRow)
  try {
    const settled = load(rows, { ...options, client: api.client, rate: options.rate, giveUp })
    await keepBooks(settled, { file, state, report, total, quiet: options.quiet })
    state.finished = !signal.aborted
    return toResult(state, file, { interrupted: signal.aborted })
  } catch (error) {
    const refused = error instanceof OttError
    if (signal.aborted && (refused || error === giveUp.reason)) return toResult(state, file, { interrupted: true })
    if (refused) return toResult(state, file, { failure: toWords(error, api.url) })
    throw error
  } finally {
    await report.close()
    await writeState(file, state)
  }
}

type Books = {
  readonly file: string
  readonly state: LoadState
  readonly report: LoadReport
  readonly total: number
  readonly quiet: boolean
}

/** Enters what became of each row. */
async function keepBooks(rows: AsyncIterable<SettledRow>, { file, state, report, total, quiet }: Books): Promise<void> {
  const startedAt = performance.now()
  const before = doneOf(state)
  const words = (done: number): string => {
    const rate = Math.round(((done - before) * 1000) / Math.max(1, performance.now() - startedAt))
    return `${done} of ${total} rows, ${state.refused} refused · ${rate}/s`
  }
  const progress = showProgress({ total, words, quiet })
  let keptAt = startedAt
  try {
    for await (const row of rows) {
      await enter(row, state, report)
      progress.update(doneOf(state))
      if (performance.now() - keptAt < keepEveryMs) continue
      await writeState(file, state)
      keptAt = performance.now()
    }
  } finally {
    progress.end(doneOf(state))
  }
}

async function enter(settled: SettledRow, state: LoadState, report: LoadReport): Promise<void> {
  state.settledRow = settled.row
  if (settled.accepted) {
    state.accepted += 1
    if (settled.replayed) state.replayed += 1
    return
  }
  state.refused += 1
  await report.add(settled.row, settled.refusal)
  state.reportBytes = report.length
}

function doneOf({ accepted, refused }: LoadState): number {
  return accepted + refused
}

type Ending = Partial<Pick<LoadResult, 'interrupted' | 'failure' | 'alreadyLoaded'>>

function toResult(
  state: LoadState,
  file: string,
  { interrupted = false, failure = null, alreadyLoaded = false }: Ending,
): LoadResult {
  const { accepted, replayed, refused } = state
  const report = refused > 0 ? reportFile(file) : null
  return { rows: doneOf(state), accepted, replayed, refused, report, interrupted, failure, alreadyLoaded }
}

/** Aborted a while after the signal is. */
function giveUpAfter(signal: AbortSignal): AbortSignal {
  const giveUp = new AbortController()
  const onInterrupt = (): void => void setTimeout(() => giveUp.abort(), graceMs).unref()
  signal.addEventListener('abort', onInterrupt, { once: true })
  return giveUp.signal
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file), hash)
  } catch (cause) {
    throw new Failure(`${file} cannot be read. Name a CSV or NDJSON file.`, { cause })
  }
  return hash.digest('hex')
}

function toFormat(file: string): 'csv' | 'ndjson' {
  if (/\.csv$/i.test(file)) return 'csv'
  if (/\.(ndjson|jsonl)$/i.test(file)) return 'ndjson'
  throw new UsageFailure('The name of the file does not say what is in it: give --format csv or --format ndjson.')
}
