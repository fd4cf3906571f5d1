import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll } from '@jest/globals'

import { senders } from './use-api.ts'

/** The header of a CSV file, and a row below it: what a LINE user is to read. */
export const header = 'messageKey,senderType,senderId,ottId,text'
export function row(key: string, person: string, words = 'Hello'): string {
  return `${key},line,${senders.line},${person},${words}`
}

/** A folder for the files that the tests of one file load. */
export function useLoadFiles() {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ott-load-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const path = (name: string): string => join(folder, name)
  return {
    path,
    /** Writes a file of these lines, and returns its path. */
    write: async (name: string, ...lines: readonly string[]): Promise<string> => {
      await writeFile(path(name), lines.map((line) => `${line}\n`).join(''))
      return path(name)
    },
  }
}
