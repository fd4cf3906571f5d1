import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'

import { guard } from './guard.ts'

/** Our programs give themselves 25 s to stop. */
const stopLimitMs = 30_000

/** How much of a log is shown of a process that has died. */
const tailLines = 30
const tailBytes = 16_384

export type ChildOptions = {
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment: nothing is inherited, so that a run means the same on every machine. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where its output goes, afresh at each start unless it `continues`. Without one, `lines` has it. */
  readonly logFile?: string | undefined
  /** Whether it takes over from one that has ended, whose last words stay in the log file. */
  readonly continues?: boolean
  /** A folder that goes when the process has ended, however that comes. */
  readonly temporaryFolder?: string | undefined
  /** Hears each line as it comes, if there is no log file. */
  readonly onLine?: ((line: string) => void) | undefined
}

/** A process that was started here, and that never outlives this one. */
export type Child = {
  readonly pid: number
  /** What it printed so far, standard output and error alike, unless that goes to a log file. */
  readonly lines: readonly string[]
  /** The end of what it printed, wherever that went. */
  readonly tail: () => string
  /** Resolves when it has ended, by itself or not, with a word on how: `exit code 1`, `SIGKILL`. */
  readonly ended: Promise<string>
  /** Resolves with the first line that matches, printed already or still to come. Rejects when it ends without one. */
  readonly untilLine: (pattern: RegExp) => Promise<string>
  /** Asks it to stop, and resolves when it has. After `limitMs`, half a minute unless said otherwise, it is ended. */
  readonly stop: (limitMs?: number) => Promise<void>
  /** Ends it at once, as a crash would. */
  readonly kill: () => Promise<void>
}

/**
 * Starts a process in a group of its own: a Ctrl-C on the terminal reaches only whoever called this. The process does not
 * keep this one alive.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { command, args, env, logFile, continues = false, temporaryFolder, onLine } = options
  const log = logFile === undefined ? 'pipe' : openSync(logFile, continues ? 'a' : 'w')
  const child = spawn(command, args, { env: { ...env }, detached: true, stdio: ['ignore', log, log] })
  if (log !== 'pipe') closeSync(log)
  const closed = untilClosed(child)
  await once(child, 'spawn')
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} has no process id`)
  const release = guard(pid, temporaryFolder)
  const ended = closed.finally(() => {
    if (temporaryFolder !== undefined) rmSync(temporaryFolder, { recursive: true, force: true })
    release()
  })
  const { lines, untilLine } = collectLines(child, ended, onLine)
  child.unref()
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref()
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    signalGroup(pid, name)
    await ended
  }
  return {
    pid,
    lines,
    tail: () => (logFile === undefined ? lines : lastLines(logFile)).slice(-tailLines).join('\n'),
    ended,
    untilLine,
    stop: async (limitMs = stopLimitMs) => {
      const limit = setTimeout(() => signalGroup(pid, 'SIGKILL'), limitMs)
      await signal('SIGTERM').finally(() => clearTimeout(limit))
    },
    kill: () => signal('SIGKILL'),
  }
}

/** Resolves, never rejects: once it runs, how a process ends is for its starter to judge. */
async function untilClosed(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
  child.once('error', (error) => resolve(error.message))
  return promise
}

function collectLines(child: ChildProcess, ended: Promise<string>, onLine: (line: string) => void = () => undefined) {
  const lines: string[] = []
  const watchers = new Set([onLine])
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      for (const watcher of watchers) watcher(line)
    })
  }
  const untilLine = async (pattern: RegExp): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const watcher = (line: string): void => {
      if (pattern.test(line)) resolve(line)
    }
    watchers.add(watcher)
    for (const line of lines) watcher(line)
    void ended.then((how) => reject(new Error(`ended (${how}) before it printed ${pattern}:\n${lines.join('\n')}`)))
    return promise.finally(() => watchers.delete(watcher))
  }
  return { lines, untilLine }
}

/** Logs grow without bound: only the end is read. */
function lastLines(file: string): string[] {
  const log = openSync(file, 'r')
  const { size } = fstatSync(log)
  const end = Buffer.alloc(Math.min(size, tailBytes))
  readSync(log, end, 0, end.length, size - end.length)
  closeSync(log)
  return end.toString().trimEnd().split('\n')
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended already.
  }
}
