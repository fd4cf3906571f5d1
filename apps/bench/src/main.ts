import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import { bold, ensureRedisServer, green, onStopRequest, print, red, repository, stayFor } from '@ott/local'

import { readOptions, type RunOptions } from './options.ts'
import { Progress } from './progress.ts'
import { toChart } from './report/chart.ts'
import { inWords } from './report/machine.ts'
import { toTable } from './report/table.ts'
import { type Report, runBench } from './run.ts'

// `npm run bench`: what a message costs, against the stack that one writes in an afternoon.

/** As a shell has it for what Ctrl-C ended. */
const interrupted = 130

await main(readOptions(process.argv.slice(2)))

async function main(options: RunOptions): Promise<void> {
  if (process.platform !== 'linux')
    throw new Error('npm run bench needs Linux: it reads CPU time and memory from /proc')
  const folder = await mkdtemp(join(tmpdir(), 'ott-bench-'))
  const ended = new AbortController()
  onStopRequest(
    () => ended.abort(),
    () => process.exit(1), // What still runs then, the guardian ends.
  )
  const progress = new Progress()
  let ok = false
  try {
    await ensureRedisServer(print)
    await tellResult(await stayFor(run(options, folder, progress, ended.signal)), options)
    ok = true
  } catch (error) {
    progress.wipe()
    if (ended.signal.aborted) print('Ended before its time; nothing is left running.')
    else console.error(red(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  }
  if (ok || ended.signal.aborted) await rm(folder, { recursive: true, force: true })
  else print(`Logs: ${folder}`)
  process.exit(ended.signal.aborted ? interrupted : ok ? 0 : 1)
}

function run(options: RunOptions, folder: string, progress: Progress, signal: AbortSignal): Promise<Report> {
  return runBench({
    options,
    folder,
    signal,
    tell: (what) => progress.tell(what),
    onRows: ({ title }, rows) => {
      progress.wipe()
      print(`\n${bold(title)}\n`)
      for (const line of toTable(rows, paintTarget)) print(`  ${line}`)
      print()
    },
  })
}

function paintTarget(text: string, met: boolean): string {
  return met ? green(text) : red(text)
}

async function tellResult(report: Report, { json, chart, profile }: RunOptions): Promise<void> {
  const { rows, machine, sizes } = report
  const aimed = rows.filter(({ met }) => met !== undefined)
  print(inWords(machine))
  print(`Medians of ${sizes.rounds} rounds or of one; (least–most) where there were several. CPU for each message.`)
  print('The load generator and the network double share these cores; their CPU time is not counted.')
  if (profile !== undefined)
    print(`Profiles: ${resolve(profile)}. Profiling makes ours slower: its figures count for nothing.`)
  print(bold(`${aimed.filter(({ met }) => met).length} of ${aimed.length} targets met.`))
  if (json !== undefined) await write(resolve(json), `${JSON.stringify(report, undefined, 2)}\n`)
  const drawn = chart === undefined || profile !== undefined ? undefined : toChart(rows, inWords(machine))
  if (chart !== undefined && drawn !== undefined) await write(resolve(repository, chart), drawn)
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  print(`Written: ${file}`)
}
