import { setTimeout as wait } from 'node:timers/promises'

import type { Command } from '@commander-js/extra-typings'
import { networks } from '@ott/networks'
import { type CallbackQueues, EndedDeliveries } from '@ott/queue'
import type { Callback } from '@ott/registry'
import { eventsByCallback } from '@ott/wire'

import { toAccount } from './account.ts'
import { Failure, UsageFailure } from './failure.ts'
import { print, printJson } from './print.ts'
import { showProgress } from './progress.ts'
import { toTime } from './redrive-options.ts'
import { type Connection, withCallbacks } from './registries.ts'

/** With more than so many events waiting for it, a callback gets no more of a replay; and how often that is looked at. */
const [waitingMax, lookMs] = [5000, 500]

type Replay = {
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly dryRun?: true | undefined
  readonly json?: true | undefined
}

/** `ott callback replay`: tells what happened once more. */
export function addReplay(callback: Command): void {
  callback
    .command('replay')
    .description('tell events once more, under their ids: those of a time, or those that were given up')
    .option('--since <time>', 'what happened since: so long ago (30m, 2h, 7d) or a time (2026-11-23T09:30:00Z)', toTime)
    .option('--until <time>', 'what happened until then', toTime)
    .option('--failed', 'those that were given up, of whatever time, instead')
    .option('--account <account>', 'of one account only', toAccount)
    .option('--dry-run', 'only count them')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
It waits while 5000 events wait, and may be interrupted at any time.

What can be told is what is still kept: sent messages for RETAIN_SENT_HOURS, failed ones for RETAIN_FAILED_HOURS, that a message
was parked for a day. A callback is told what it asked for, whether it was told before or not. Disabled ones are left out.

Examples:
  ott callback replay --account shop --since 2h --dry-run
  ott callback replay --account shop --failed`,
    )
    .action(async ({ account, failed, ...how }) => {
      if ((failed === undefined) === (how.since === undefined))
        throw new UsageFailure('Give --since with a time, or --failed: one of them.')
      const counts = await withCallbacks(async (registry, queues, connection) => {
        const meant = (await registry.all()).filter((one) => account === undefined || one.account === account)
        const enabled = meant.filter(({ disabled }) => disabled === undefined)
        if (enabled.length === 0) throw new Failure(noneMeant)
        return failed ? replayFailed(enabled, queues, how) : replayTime(enabled, queues, how, connection)
      }, 'waiting')
      tell(counts, how)
    })
}

const noneMeant = 'There is no such callback that is enabled: `ott callback list` shows all.'

type Counts = Map<string, number>

async function replayFailed(
  callbacks: readonly Callback[],
  queues: CallbackQueues,
  { dryRun }: Replay,
): Promise<Counts> {
  const counts: Counts = new Map()
  for (const { account, id } of callbacks)
    counts.set(account, await (dryRun ? queues.failed(id) : queues.retryFailed(id)))
  return counts
}

async function replayTime(
  callbacks: readonly Callback[],
  queues: CallbackQueues,
  { since = 0, until = Date.now(), dryRun, json }: Replay,
  { redis }: Connection,
): Promise<Counts> {
  const byAccount = new Map(callbacks.map((callback) => [callback.account, callback]))
  const counts: Counts = new Map(callbacks.map(({ account }) => [account, 0]))
  const ended = new EndedDeliveries(Object.keys(networks), redis)
  const span = { from: since, to: Math.min(until, Date.now()) }
  const name = `replay-${Date.now()}`
  try {
    const total = await ended.size(span)
    const words = (done: number) => `${done} of ${total} looked at`
    const progress = showProgress({ total, words, quiet: json === true && !process.stderr.isTTY })
    let looked = 0
    for await (const page of ended.pages(span)) {
      for (const { callback, events } of await eventsByCallback(page.ended, (of) => byAccount.get(of), isWanted)) {
        if (dryRun === undefined) {
          await untilFewWait(queues, callback.id)
          await queues.add(callback.id, events, name)
        }
        counts.set(callback.account, (counts.get(callback.account) ?? 0) + events.length)
      }
      progress.update((looked += page.looked))
    }
    progress.end(looked)
  } finally {
    await ended.close()
  }
  return counts
}

/** As fast as the endpoint takes them: a callback for which very many wait is disabled. */
async function untilFewWait(queues: CallbackQueues, callbackId: string): Promise<void> {
  while ((await queues.waiting(callbackId)) > waitingMax) await wait(lookMs)
}

/** Whether it was told before, or happened before the callback was made, does not matter. */
function isWanted({ types }: Callback, { type }: { readonly type: string }): boolean {
  return types.includes(type)
}

function tell(counts: Counts, { dryRun, json }: Replay): void {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  if (json) return printJson({ dryRun: dryRun === true, replayed: total, byAccount: Object.fromEntries(counts) })
  for (const [account, count] of counts) print(`${account}: ${inWords(count)}`)
  print(`${inWords(total)} ${dryRun ? 'would be told' : 'queued, to be told'} once more.`)
}

function inWords(count: number): string {
  return count === 1 ? '1 event' : `${count} events`
}
