import { execFile } from 'node:child_process'
import { join } from 'node:path'

import { repository } from './repository.ts'

export type RunOptions = {
  /** A compiled file of ours, from the repository's root. */
  readonly file: string
  readonly args?: readonly string[]
  /** Of this process's environment it sees PATH and HOME besides. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly input?: string
}

/** Runs a program of ours to its end. Resolves with what it prints; rejects with what it says is wrong. */
export async function runOnce({ file, args = [], env, input = '' }: RunOptions): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const { PATH, HOME } = process.env
  const child = execFile(
    process.execPath,
    [join(repository, file), ...args],
    { env: { PATH, HOME, ...env } },
    (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${file} failed: ${stderr || error.message}`, { cause: error }))
    },
  )
  child.stdin?.end(input)
  return promise
}
