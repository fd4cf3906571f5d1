import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { useRedis } from '@ott/local/testing'

import { type Run, type RunOptions, runOtt } from './run-ott.ts'

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
