import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ensureRedisServer, onStopRequest, print, red, stayFor } from '@ott/local'

import { readOptions, type RunOptions, toCommand } from './options.ts'
import { printReport } from './print-report.ts'
import { Progress } from './progress.ts'
import type { Report } from './report.ts'
import { runChaos } from './run.ts'

// `npm run chaos`: proves that nothing is lost, doubled or stuck.

/** As a shell has it for what Ctrl-C ended. */
const interrupted = 130

await main(readOptions(process.argv.slice(2)))

async function main(options: RunOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ott-chaos-'))
  const ended = new AbortController()
  onStopRequest(
    () => ended.abort(),
    () => process.exit(1), // What still runs then, the guardian ends.
  )
  print(`Seed ${options.seed}: ${toCommand(options)}`)
  let ok = false
  try {
    await ensureRedisServer(print)
    const report = await stayFor(runChaos({ options, folder, progress: new Progress(), signal: ended.signal }))
    await tell(report, options)
    ok = report.ok
  } catch (error) {
    if (ended.signal.aborted) print('Ended before its time; nothing is left running.')
    else console.error(red(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  }
  if (ok || ended.signal.aborted) await rm(folder, { recursive: true, force: true })
  else print(`Logs: ${folder}`)
  process.exit(ended.signal.aborted ? interrupted : ok ? 0 : 1)
}

async function tell(report: Report, { json }: RunOptions): Promise<void> {
  printReport(report)
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`)
}
