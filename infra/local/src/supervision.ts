import { setTimeout } from 'node:timers/promises'

import { type ProgramOptions, startProgram } from './program.ts'
import type { Ending } from './running.ts'

/** How long a program stays away before it is started again, the first, second, third … time running. */
const usualPausesMs = [1000, 2000, 4000, 8000, 16_000] as const

/** What ends after so long had been well: the pauses begin anew. */
const usualSteadyMs = 60_000

export type Supervision = {
  /** Hears what is done about a program that has ended. */
  readonly say: (what: string) => void
  readonly pausesMs?: readonly number[]
  readonly steadyMs?: number
}

/** A program that is started again when it ends by itself. It has `ended` when that was given up, or when it was stopped. */
export type Supervised = Ending & {
  /** As of a program. One that ends before it is not started again: its configuration is at fault, say. */
  readonly untilReady: () => Promise<void>
}

/**
 * Starts a program, and starts it again when it ends by itself, as a supervisor (systemd, Docker, Kubernetes) would: a worker
 * that is stuck ends itself and relies on that. One that ends again and again soon after is given up.
 */
export async function superviseProgram(options: ProgramOptions, supervision: Supervision): Promise<Supervised> {
  const { say, pausesMs = usualPausesMs, steadyMs = usualSteadyMs } = supervision
  let program = await startProgram(options)
  const stopping = new AbortController()
  let ready = false

  /** Whether another was started in the place of one that ended. */
  const startAgain = async (how: string, pauseMs: number | undefined): Promise<boolean> => {
    if (!ready || stopping.signal.aborted || pauseMs === undefined) return false
    // What was killed had no time to say anything.
    const why = how.startsWith('exit code') ? '; its log tells why it ended' : ''
    say(`${options.name} has ended (${how}). It is started again in ${pauseMs / 1000} s${why}.`)
    await setTimeout(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    if (stopping.signal.aborted) return false
    program = await startProgram({ ...options, continues: true })
    // Whoever stops all this just now has stopped the one before.
    if (stopping.signal.aborted) await program.kill()
    return true
  }
  const watch = async (): Promise<string> => {
    for (let failures = 0; ; failures += 1) {
      const startedAt = performance.now()
      const how = await program.ended
      if (performance.now() - startedAt >= steadyMs) failures = 0
      if (!(await startAgain(how, pausesMs[failures]))) return how
    }
  }
  const ended = watch().catch(String)
  const end = async (endProgram: () => Promise<void>): Promise<void> => {
    stopping.abort()
    await endProgram()
    await ended
  }
  return {
    ended,
    tail: () => program.tail(),
    untilReady: async () => {
      await program.untilReady()
      ready = true
    },
    stop: (limitMs) => end(() => program.stop(limitMs)),
    kill: () => end(() => program.kill()),
  }
}
