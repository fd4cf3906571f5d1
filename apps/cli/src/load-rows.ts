import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'

import type { BatchRequest } from '@ott/client'
import { CsvError, parse } from 'csv-parse'
import { z } from 'zod'

import { Failure } from './failure.ts'
import { toColumns, toRequestBody } from './load-columns.ts'
import { type Defaults, toRequest } from './load-request.ts'

/** How a file is read: `validity` is what rows have that do not say how long they are worth delivering. */
export type RowOptions = {
  readonly file: string
  readonly format: 'csv' | 'ndjson'
  readonly delimiter: string
  readonly validity: string
}

/**
 * One row of the file, its number as an editor or a spreadsheet shows it: the first one, which in a CSV file is the header, is 1. It is
 * a request, or there is a problem with it.
 */
export type Row = { readonly row: number } & ({ readonly request: BatchRequest } | { readonly problem: string })

type RawRow = { readonly row: number } & ({ readonly body: object } | { readonly problem: string })

/** Reads what comes after this row, one by one; blank ones are left out. `hash` is the SHA-256 of the file. */
export async function* readRows(options: RowOptions, hash: string, afterRow: number): AsyncGenerator<Row> {
  for await (const raw of readRaw(options)) {
    const { row } = raw
    if (row <= afterRow) continue
    if ('problem' in raw) yield raw
    else yield { row, request: toRequest(raw.body, defaultsOf(row, hash, options)) }
  }
}

function defaultsOf(row: number, hash: string, { validity }: RowOptions): Defaults {
  return { messageKey: `${hash.slice(0, 16)}-${row}`, validityPeriod: validity }
}

/** Reads all of a file, and tells how many rows it has. Throws a Failure for one that cannot be read as what it is. */
export async function countRows(options: RowOptions): Promise<number> {
  const rows = readRaw(options)
  let count = 0
  while ((await rows.next()).done !== true) count += 1
  return count
}

function readRaw(options: RowOptions): AsyncGenerator<RawRow> {
  return options.format === 'csv' ? readCsv(options) : readLines(options)
}

const CsvRecord = z.array(z.string())

async function* readCsv({ file, delimiter }: RowOptions): AsyncGenerator<RawRow> {
  const parser = parse({ bom: true, delimiter, relax_column_count: true })
  const records: AsyncIterable<unknown> = pipeline(createReadStream(file), parser, () => undefined)
  let names: readonly string[] | undefined
  let row = 0
  try {
    for await (const given of records) {
      const record = CsvRecord.parse(given)
      row += 1
      if (names === undefined) names = toColumns(record)
      else if (record.join('').trim() !== '') yield { row, ...toRequestBody(names, record) }
    }
  } catch (error) {
    throw error instanceof CsvError
      ? new Failure(`${file} cannot be read as CSV after row ${row}: ${error.message}. Mend it, then run this again.`, {
          cause: error,
        })
      : error
  }
}

async function* readLines({ file }: RowOptions): AsyncGenerator<RawRow> {
  let row = 0
  const lines = (await open(file)).readLines()
  for await (const line of lines) {
    row += 1
    const text = row === 1 ? line.replace(/^\uFEFF/, '') : line
    if (text.trim() !== '') yield { row, ...toBody(text) }
  }
}

/** A line as the report of refusals has it holds the request beside the reason. */
const Refused = z.looseObject({ request: z.record(z.string(), z.unknown()) }).transform(({ request }) => request)
const Body = z.union([Refused, z.record(z.string(), z.unknown())])

function toBody(line: string): { body: object } | { problem: string } {
  try {
    const body = Body.safeParse(JSON.parse(line)).data
    return body === undefined ? { problem: 'The line is not a JSON object' } : { body }
  } catch {
    return { problem: 'The line is not valid JSON' }
  }
}
