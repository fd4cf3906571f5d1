import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { useRedis } from '@ott/local/testing'

/** The compiled program. */
const program = fileURLToPath(new URL('main.js', import.meta.url))

/** For tests: a key that secrets are sealed with. */
export const key = Buffer.alloc(32, 'k').toString('base64')

/** What became of one run of the program. */
export type Run = { readonly code: number; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  /** Beside what is usual in the file's tests; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What it can read on standard input. */
  readonly input?: string
}

/** Starts the program as a shell would, with this environment only. */
export function startOtt(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, ...args], { env: { ...env }, stdio: 'pipe' })
}

/** Runs the program, and waits for its end. */
export async function runOtt(args: readonly string[], { env = {}, input = '' }: RunOptions = {}): Promise<Run> {
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

/** The program with a Redis of its own for the tests of one file. */
export function useOtt() {
  const redis = useRedis()
  const env = (): Record<string, string> => ({ REDIS_URL: redis.url, CREDENTIALS_KEY: key, OTT_ENV_FILE: '/dev/null' })
  const run = (args: readonly string[], { env: more, input }: RunOptions = {}): Promise<Run> =>
    runOtt(args, { env: { ...env(), ...more }, ...(input !== undefined && { input }) })
  return {
    redis,
    env,
    run,
    /** What a command prints with --json, once it has done what it was told. */
    json: async (args: readonly string[], options: RunOptions = {}): Promise<unknown> => {
      const { code, stdout, stderr } = await run([...args, '--json'], options)
      if (code !== 0 || stderr !== '') throw new Error(`ott ${args.join(' ')} ended with ${code}: ${stderr}`)
      return JSON.parse(stdout)
    },
  }
}
