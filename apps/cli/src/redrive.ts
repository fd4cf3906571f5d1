import { createInterface } from 'node:readline'

import { type Command } from '@commander-js/extra-typings'
import type { FailedDeliveries, FailedSelection } from '@ott/queue'

import { toAccount } from './account.ts'
import { Failure, UsageFailure } from './failure.ts'
import { interruptedCode, untilInterrupted } from './interrupt.ts'
import { print, printJson } from './print.ts'
import { toRate } from './rate.ts'
import { reasonNames, toReasons, toTime } from './redrive-options.ts'
import { countAll, redriveAll } from './redrive-run.ts'
import { deliveries, toCountText, toText } from './redrive-view.ts'
import { withFailedDeliveries } from './registries.ts'
import { networkNames, toNetwork } from './sender-options.ts'

const usualRate = 100

type How = {
  readonly rate: number
  readonly dryRun?: true | undefined
  readonly yes?: true | undefined
  readonly json?: true | undefined
}

/** `ott redrive`: has failed deliveries tried again. */
export function addRedriveCommand(ott: Command): void {
  ott
    .command('redrive')
    .description('have failed deliveries tried again, with their ids and histories; delivered ones never are')
    .option('--network <network>', `of one network only: ${networkNames}`, toNetwork)
    .option('--account <account>', 'of one account only', toAccount)
    .option('--sender <id>', 'of one sender only, as `ott sender list` shows it')
    .option('--reason <reasons>', `that failed for these only, separated by commas: ${reasonNames}`, toReasons)
    .option('--since <time>', 'that failed since: so long ago (30m, 2h, 7d) or a time (2026-11-23T09:30:00Z)', toTime)
    .option('--until <time>', 'that failed until then', toTime)
    .option('--include-ambiguous', 'those too that may have reached the person already')
    .option('--rate <number>', 'so many a second', toRate, usualRate)
    .option('--dry-run', 'only count them')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Without --yes it shows how many there are, and asks. Expired deliveries are left as they are. It may be interrupted at any
time, and ends with exit code ${interruptedCode} then; the same command goes on with what is left.

Examples:
  ott redrive --since 2h --dry-run
  ott redrive --account shop --network line --sender 1650000000 --reason credentials
  ott redrive --reason unavailable,no-answer --since 2026-11-23T09:30:00Z --rate 20/s --yes --json`,
    )
    .action(async ({ network, since, until, reason: reasons, account, sender, includeAmbiguous, ...how }) => {
      if (how.dryRun === undefined && how.yes === undefined && !process.stdin.isTTY) throw new UsageFailure(nobodyToAsk)
      // What fails from now on is none of those that are counted and agreed to.
      const time = { failedFrom: since, failedTo: Math.min(until ?? Infinity, Date.now()) }
      const selection = { network: network?.network, account, sender, reasons, includeAmbiguous, ...time }
      await withFailedDeliveries((failed) => untilInterrupted((signal) => redrive(failed, selection, how, signal)))
    })
}

const nobodyToAsk =
  'There is no terminal to ask at. Give --dry-run to see how many there are, or --yes to redrive them.'

async function redrive(
  failed: FailedDeliveries,
  selection: FailedSelection,
  how: How,
  signal: AbortSignal,
): Promise<void> {
  const { rate, dryRun = false, yes = false, json = false } = how
  const run = { selection, signal, quiet: json && !process.stderr.isTTY }

  const counted = await countAll(failed, run)
  if (counted.next !== undefined) return stopped('Interrupted while counting: nothing was redriven.')
  if (dryRun) {
    if (json) printJson({ dryRun, matched: counted.redriven, byReason: counted.byReason, skipped: counted.skipped })
    else print(toCountText(counted))
    return
  }
  if (!yes && counted.redriven > 0) {
    const question = `Redrive ${deliveries(counted.redriven)}, ${rate} a second? [y/N] `
    if (!(await agreed(`${toCountText(counted)}\n${question}`, signal))) throw new Failure('Nothing was redriven.')
  }
  const { next, redriven, byReason, skipped } = await redriveAll(failed, { ...run, rate, total: counted.redriven })
  const interrupted = next !== undefined
  if (json) printJson({ dryRun, redriven, byReason, skipped, interrupted })
  else print(toText({ redriven, byReason, skipped, looked: 0 }, interrupted))
  if (interrupted) process.exitCode = interruptedCode
}

function stopped(words: string): void {
  console.error(words)
  process.exitCode = interruptedCode
}

/** The question goes to standard error: what was done is for standard output. Whoever says nothing has not agreed. */
async function agreed(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr, signal })
  try {
    process.stderr.write(question)
    const answer = await terminal[Symbol.asyncIterator]().next()
    return answer.done !== true && /^y(es)?$/i.test(answer.value.trim())
  } finally {
    terminal.close()
  }
}
