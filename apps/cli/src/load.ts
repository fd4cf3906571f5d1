import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from '@commander-js/extra-typings'

import { apiSettingsHelp, openApi } from './api.ts'
import { Failure } from './failure.ts'
import { interruptedCode, untilInterrupted } from './interrupt.ts'
import { columns } from './load-columns.ts'
import { loadFile, type LoadResult } from './load-file.ts'
import { print, printJson, styled } from './print.ts'
import { toRate } from './rate.ts'
import { usualValidity } from './send-options.ts'

/** So many batches of a client the API takes at a time, in each of its processes. */
const usualConcurrency = 4

/** An API that is away for less than a minute ends nothing. */
const retries = 8

const width = Math.max(...Object.keys(columns).map((name) => name.length))

const help = `
A CSV file has a header with some of these columns, in any order:
${Object.entries(columns)
  .map(([name, what]) => `  ${name.padEnd(width)}  ${what}`)
  .join('\n')}
An NDJSON file has a send request in each line.

FILE.ott-load.json keeps how far the load has come: the same command goes on there, and sends nothing of a file that was loaded. Rows
whose answer was not awaited, for a kill or an API that is away, are sent again with their Idempotency-Keys, which hold for 24 hours and
follow from a row's messageKey, sender and recipient (without a messageKey, from the file and the row's number).
Refused rows are told in FILE.refused.ndjson, with the reason; mend them there, and load that file.
Ctrl-C stops in order, with exit code ${interruptedCode}. Exit code 1: some rows were refused, or not all could be sent.
${apiSettingsHelp}

Examples:
  ott load campaign.csv --rate 200
  ott load campaign.ndjson --json`

/** `ott load`: a file of messages. */
export function addLoadCommand(ott: Command): void {
  ott
    .command('load')
    .description('send the messages of a CSV or NDJSON file; it can be stopped, and run again')
    .argument('<file>', 'a .csv, .ndjson or .jsonl file')
    .option('--format <format>', 'csv or ndjson, where the name does not say', toFormat)
    .option('--delimiter <character>', 'between the cells of a CSV file', toDelimiter, ',')
    .option('--validity <period>', 'how long rows are worth delivering that do not say, in ISO 8601', usualValidity)
    .option('--rate <number>', 'so many rows a second (default: as many as go)', toRate)
    .option('--concurrency <number>', 'so many batches under way at a time', toConcurrency, usualConcurrency)
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action(async (file, { json: asJson = false, ...options }) => {
      const api = openApi({ retries })
      const quiet = asJson && !process.stderr.isTTY
      const result = await untilInterrupted((signal) => loadFile(file, { ...options, api, signal, quiet }))
      if (asJson) printJson({ file, ...result })
      else print(toText(file, result))
      if (result.failure !== null) throw new Failure(`${result.failure} The same command goes on with the next row.`)
      if (result.interrupted) process.exitCode = interruptedCode
      else if (result.refused > 0) process.exitCode = 1
    })
}

function toText(
  file: string,
  { rows, accepted, replayed, refused, report, interrupted, ...result }: LoadResult,
): string {
  const lines = [`${rows} rows of ${file}: ${accepted} accepted, ${refused} refused.`]
  if (result.alreadyLoaded) lines[0] = `${file} has been loaded already, and nothing was sent now: ${lines[0]}`
  if (replayed > 0)
    lines.push(`Of the accepted, ${replayed} were so at an earlier try: they were not sent a second time.`)
  if (report !== null)
    lines.push(`The refused are in ${report}, each with its reason: mend them there, and load that file.`)
  if (interrupted) lines.push('Interrupted: the same command goes on with the next row.')
  const complete = !interrupted && result.failure === null && refused === 0
  return `${complete ? styled('green', '✓ ') : ''}${lines.join('\n')}`
}

function toFormat(text: string): 'csv' | 'ndjson' {
  if (text === 'csv' || text === 'ndjson') return text
  throw new InvalidArgumentError('There are: csv and ndjson.')
}

function toDelimiter(text: string): string {
  const character = text === String.raw`\t` ? '\t' : text
  if (character.length === 1) return character
  throw new InvalidArgumentError(String.raw`It must be one character, such as ; or \t.`)
}

function toConcurrency(text: string): number {
  if (!/^([1-9]|[1-5]\d|6[0-4])$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 64.')
  return Number(text)
}
