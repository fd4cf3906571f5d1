import { setTimeout as wait } from 'node:timers/promises'

import { now } from '../network/arrivals.ts'
import { Schedule } from './schedule.ts'

export type OpenLoop = {
  /** Sends the message of this mark. */
  readonly send: (index: number) => Promise<void>
  /** The mark of the first message. */
  readonly first: number
  readonly perSecond: number
  readonly seconds: number
  readonly signal: AbortSignal
}

/** What an open loop was answered. A message's time counts from when it was due, not from when it could be sent. */
export type OpenLoopResult = {
  /** From when it was due until it was accepted, of each message in order, in milliseconds. */
  readonly acceptedAfterMs: readonly number[]
  /** When each was due, by the clock of the network double. */
  readonly dueAt: readonly number[]
  /** By how much this generator itself was late with each: it is within the other times. */
  readonly lateMs: readonly number[]
}

/** Sends so many messages a second, however long the answers take. */
export async function sendEvenly(options: OpenLoop): Promise<OpenLoopResult> {
  const { first, perSecond, seconds, signal } = options
  const schedule = new Schedule(perSecond, Math.round(perSecond * seconds))
  const [dueAt, lateMs, sending]: [number[], number[], Promise<number>[]] = [[], [], []]
  const startedAt = now()
  const send = async (index: number, due: number): Promise<number> => {
    await options.send(first + index)
    return now() - due
  }
  while (!schedule.done) {
    signal.throwIfAborted()
    for (const index of schedule.due(now() - startedAt)) {
      const due = startedAt + schedule.dueAt(index)
      dueAt.push(due)
      lateMs.push(now() - due)
      const sent = send(index, due)
      // Told at the end, with the others; until then it must not end the program.
      sent.catch(() => undefined)
      sending.push(sent)
    }
    await wait(1)
  }
  return { acceptedAfterMs: await Promise.all(sending), dueAt, lateMs }
}
