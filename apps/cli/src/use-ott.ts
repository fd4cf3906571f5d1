import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { Console } from 'node:console'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { useRedis } from '@ott/local/testing'

import { ott } from './ott.ts'

/** What became of one run of the program. */
export type Run = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  /** Beside what is usual in the file's tests; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What it can read on standard input. */
  readonly input?: string
}

/** The compiled program. */
const program = fileURLToPath(new URL('main.js', import.meta.url))

/** For tests: a key that secrets are sealed with. */
export const key = Buffer.alloc(32, 'k').toString('base64')

/** Starts the program as a shell would, with this environment only. */
export function startOtt(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, ...args], { env: { ...env }, stdio: 'pipe' })
}

/** Runs the program as a process of its own, and waits for its end. */
export async function runProgram(args: readonly string[], { env = {}, input = '' }: RunOptions = {}): Promise<Run> {
  const child = startOtt(args, env)
  child.stdin.on('error', () => undefined) // One that does not read has ended before all was written.
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode ?? -1, stdout, stderr }
}

/** What lends a terminal to a program: https://man7.org/linux/man-pages/man1/script.1.html */
const lender = 'script'

/** Whether there is a way here to run a program on a terminal. */
export const canLendTerminal = spawnSync(lender, ['--version']).status === 0

/** Starts the program on a terminal: its input is what is typed, its output the screen. */
export function startOnTerminal(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams {
  const command = [process.execPath, program, ...args].join(' ')
  return spawn(lender, ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env },
    stdio: 'pipe',
  })
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

/** The program with a Redis of its own for the tests of one file. */
export function useOtt() {
  const redis = useRedis()
  const env = (): Record<string, string> => ({ REDIS_URL: redis.url, CREDENTIALS_KEY: key, OTT_ENV_FILE: '/dev/null' })
  const withEnv = (options: RunOptions): RunOptions => ({ ...options, env: { ...env(), ...options.env } })
  const run = (args: readonly string[], options: RunOptions = {}): Promise<Run> => runOtt(args, withEnv(options))
  return {
    redis,
    env,
    run,
    /** The same as a process of its own, which takes a second of a processor: for what only a process can show. */
    program: (args: readonly string[], options: RunOptions = {}): Promise<Run> => runProgram(args, withEnv(options)),
    /** What a command prints with --json, once it has done what it was told. */
    json: async (args: readonly string[], options: RunOptions = {}): Promise<unknown> => {
      const { code, stdout, stderr } = await run([...args, '--json'], options)
      if (code !== 0 || stderr !== '') throw new Error(`ott ${args.join(' ')} ended with ${code}: ${stderr}`)
      return JSON.parse(stdout)
    },
  }
}

/** Gives an object other properties, until what is returned is called. */
function replace(object: object, others: Readonly<Record<string, unknown>>): () => void {
  const before = Object.getOwnPropertyDescriptors(object)
  const own = Object.entries(before).filter(([name]) => name in others)
  for (const [name, value] of Object.entries(others)) Object.defineProperty(object, name, { value, configurable: true })
  return () => Object.defineProperties(object, Object.fromEntries(own))
}
