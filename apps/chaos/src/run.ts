import { setTimeout as wait } from 'node:timers/promises'

import type { Books, SelfEnded } from './books.ts'
import { compareBooks } from './compare.ts'
import { type RunOptions, toCommand } from './options.ts'
import type { Progress } from './progress.ts'
import { measureRecovery } from './recovery.ts'
import { countEvents, countOffences, type Report } from './report.ts'
import { longestDelayMs, planSchedule, replicated } from './schedule.ts'
import { countOf, planFleet, setStage, type Stage } from './stage.ts'
import { readStatuses } from './statuses.ts'
import { tellStories } from './story.ts'

export type Run = {
  readonly options: RunOptions
  /** Where Redis's data and the logs go. */
  readonly folder: string
  readonly progress: Progress
  /** Ends the run before its time; it then rejects. */
  readonly signal: AbortSignal
}

/** One whole run, after which nothing is left running. Rejects when it could not be made, or was ended. */
export async function runChaos({ options, folder, progress, signal }: Run): Promise<Report> {
  const broken = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => broken.reject(new Error('the run was ended before its time')))
  const note = (what: string): void => {
    if (options.verbose) progress.note(what)
  }
  const given = { options, folder, note, onBroken: broken.reject }
  const selfEnded: SelfEnded[] = []
  const fleet = await planFleet(given, selfEnded)
  let stage: Stage | undefined
  try {
    progress.stage(() => 'starting the fleet')
    stage = await Promise.race([setStage(given, fleet, selfEnded), broken.promise])
    return await Promise.race([performOn(stage, options, progress), broken.promise])
  } finally {
    progress.end()
    await stage?.close()
    await fleet.end()
  }
}

async function performOn(stage: Stage, options: RunOptions, progress: Progress): Promise<Report> {
  const { fleet, producer, disturbances, api, selfEnded, disorderly } = stage
  const startedAt = Date.now()
  await disturb(stage, options, progress)
  const loadedAt = Date.now()
  await fleet.untilReady()
  const status = await settle(stage, options, progress)
  const settledAt = Date.now()
  const ledger = await closeLedger(stage, options, progress)
  const books: Books = { producer: producer.book, status, ledger, happened: disturbances.happened }
  const comparison = compareBooks(books, options.networkTimeoutMs)
  const { offences, duplicates, ...counts } = comparison
  const stories = await tellStories(offences, books, api)
  disorderly.push(...(await fleet.stop()))
  return {
    ok: offences.length === 0,
    seed: options.seed,
    command: toCommand(options),
    startedAt: new Date(startedAt).toISOString(),
    loadSeconds: inSeconds(loadedAt - startedAt),
    durationSeconds: inSeconds(settledAt - startedAt),
    acceptedPerSecond: Math.round((counts.accepted * 1000) / (loadedAt - startedAt)),
    counts,
    mustBeZero: countOffences(comparison),
    duplicates,
    ...countEvents(books.happened),
    recovery: measureRecovery(books),
    selfEnded,
    disorderly,
    stories,
    happened: books.happened,
  }
}

/** The load, and all that happens to the fleet meanwhile. What is not accepted long after that will never be. */
async function disturb(stage: Stage, options: RunOptions, progress: Progress): Promise<void> {
  const { producer, disturbances, sandbox } = stage
  const durationMs = options.minutes * 60_000
  const schedule = planSchedule({ ...options, durationMs })
  const count = countOf(options)
  const startedAt = performance.now()
  progress.stage(() => {
    const seconds = inSeconds(performance.now() - startedAt)
    const { length } = disturbances.happened
    const last = disturbances.happened.at(-1)?.name ?? ''
    const taken = producer.book.accepted.size
    return `${seconds} s: ${producer.begun} of ${count} sent, ${taken} accepted, ${length} of ${schedule.length} events, ${last}`
  })
  const load = producer.run()
  await disturbances.run(schedule)
  await sandbox.mendAll()
  const limit = setTimeout(() => producer.giveUp(), options.settleSeconds * 1000)
  await load.finally(() => clearTimeout(limit))
}

function settle(stage: Stage, options: RunOptions, progress: Progress) {
  const { accepted } = stage.producer.book
  let settled = 0
  progress.stage(() => `asking until all is settled: ${settled} of ${accepted.size} are`)
  const limitMs = options.settleSeconds * 1000
  return readStatuses({ api: stage.api, accepted, limitMs, onProgress: (count) => (settled = count) })
}

/** The ledger when nothing can be added to it any more: whoever writes to it has stopped. */
async function closeLedger(stage: Stage, options: RunOptions, progress: Progress) {
  progress.stage(() => 'reading the ledger')
  const workers = replicated.filter((name) => name.startsWith('worker'))
  stage.disorderly.push(...(await stage.fleet.stop(workers)))
  await wait(longestDelayMs(options.networkTimeoutMs))
  return stage.sandbox.ledger()
}

function inSeconds(ms: number): number {
  return Math.round(ms / 1000)
}
