import { type FileHandle, open, rm } from 'node:fs/promises'

import type { Refusal } from './load-run.ts'

/** Where the refused rows of a file's load are reported. It is in a form that can be loaded itself. */
export function reportFile(file: string): string {
  return `${file}.refused.ndjson`
}

/** The report of refused rows, one in a line: its number, why, and the request as it was sent. It is there once there is one. */
export class LoadReport {
  readonly file: string
  #length: number
  #handle: FileHandle | undefined

  private constructor(file: string, length: number) {
    this.file = file
    this.#length = length
  }

  /** Continues the one of an earlier run, which was so long; a new one takes the place of what there is. */
  static async open(file: string, length: number): Promise<LoadReport> {
    const report = new LoadReport(reportFile(file), length)
    if (length === 0) await rm(report.file, { force: true })
    return report
  }

  /** In bytes. */
  get length(): number {
    return this.#length
  }

  async add(row: number, { message, error, request }: Refusal): Promise<void> {
    const { status, errorcode, validationErrors } = error ?? {}
    const line = `${JSON.stringify({ row, message, status, errorcode, validationErrors, request })}\n`
    const handle = (this.#handle ??= await this.#openAtEnd())
    await handle.write(line)
    this.#length += Buffer.byteLength(line)
  }

  async close(): Promise<void> {
    await this.#handle?.close()
  }

  /** What was written after the state was kept for the last time is written again. */
  async #openAtEnd(): Promise<FileHandle> {
    const handle = await open(this.file, 'a', 0o600)
    await handle.truncate(this.#length)
    return handle
  }
}
