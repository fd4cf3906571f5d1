import { setTimeout as wait } from 'node:timers/promises'

import { z } from 'zod'

import { type Api, isPassing } from './api.ts'
import type { AcceptedMessage, Standing } from './books.ts'

const Status = z.object({
  status: z.array(
    z.object({
      event: z.string(),
      eventDateTime: z.string(),
      reason: z.string().optional(),
      confirmed: z.boolean().optional(),
      inDoubt: z.boolean().default(false),
    }),
  ),
})

const askingAtATime = 24
const pauseMs = 500

export type StatusReading = {
  readonly api: Api
  readonly accepted: ReadonlyMap<number, AcceptedMessage>
  readonly limitMs: number
  /** Told how many are known to be settled. */
  readonly onProgress: (settled: number) => void
}

/** Asks what became of each message until all are settled, or the time is up. */
export async function readStatuses({ api, accepted, limitMs, onProgress }: StatusReading) {
  const book = new Map<number, Standing>()
  const deadline = Date.now() + limitMs
  let open = [...accepted.keys()]
  let settled = 0
  while (open.length > 0) {
    const still: number[] = []
    const queue = open.values()
    const asker = async (): Promise<void> => {
      for (const index of queue) {
        const id = accepted.get(index)?.id ?? ''
        const standing = await readStanding(api, id).catch((): Standing => ({ state: 'under way', parked: false }))
        book.set(index, standing)
        if (standing.state === 'under way') still.push(index)
        else onProgress((settled += 1))
      }
    }
    await Promise.all(Array.from({ length: askingAtATime }, asker))
    open = still
    if (Date.now() > deadline) break
    if (open.length > 0) await wait(pauseMs)
  }
  return book
}

/** One delivery's status as our API tells it. */
export async function readStatus(api: Api, id: string): Promise<unknown> {
  return (await api.callAny('GET', `/ott/v1/send/${id}`)).body
}

async function readStanding(api: Api, id: string): Promise<Standing> {
  const { status, body } = await api.callAny('GET', `/ott/v1/send/${id}`)
  if (status === 404) return { state: 'missing' }
  if (status !== 200 || isPassing(status)) throw new Error(`the status of ${id} was answered ${status}`)
  const events = Status.parse(body).status
  const parked = events.some(({ event }) => event === 'Parked')
  const last = events.at(-1)
  const at = Date.parse(last?.eventDateTime ?? '')
  if (last?.event === 'Sent') return { state: 'sent', at, confirmed: last.confirmed !== false, parked }
  if (last?.event === 'Error')
    return { state: 'failed', at, reason: last.reason ?? 'unknown', inDoubt: last.inDoubt, parked }
  return { state: 'under way', parked }
}
