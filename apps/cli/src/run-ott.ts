import { Console } from 'node:console'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

import { ott } from './ott.ts'

/** What became of one run of the program. */
export type Run = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  /** Beside what is usual in the file's tests; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What it can read on standard input. */
  readonly input?: string
}

/**
 * Does what the program does, in this process, which has it loaded: with this environment, input and output only, one run at
 * a time. What concerns the process itself, such as that it ends, takes `runProgram`.
 */
export async function runOtt(args: readonly string[], { env = {}, input = '' }: RunOptions = {}): Promise<Run> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const written = Promise.all([text(stdout), text(stderr)])
  const restore = [
    replace(process, { env: { ...env }, stdin: Readable.from(input === '' ? [] : [input]), stdout, stderr }),
    replace(globalThis, { console: new Console(stdout, stderr) }),
  ]
  try {
    await ott(args)
    return { code: Number(process.exitCode ?? 0), ...(await ended()) }
  } finally {
    process.exitCode = undefined
    for (const undo of restore) undo()
  }

  async function ended(): Promise<Omit<Run, 'code'>> {
    stdout.end()
    stderr.end()
    const [out, err] = await written
    return { stdout: out, stderr: err }
  }
}

/** Gives an object other properties, until what is returned is called. */
function replace(object: object, others: Readonly<Record<string, unknown>>): () => void {
  const before = Object.getOwnPropertyDescriptors(object)
  const own = Object.entries(before).filter(([name]) => name in others)
  for (const [name, value] of Object.entries(others)) Object.defineProperty(object, name, { value, configurable: true })
  return () => Object.defineProperties(object, Object.fromEntries(own))
}
