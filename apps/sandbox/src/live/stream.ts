import type { IncomingMessage, RequestListener } from 'node:http'

import type { Changes } from './changes.ts'
import type { MakeUpdate } from './update.ts'

/** What happens within so long is told at once: a page need not draw each of a thousand messages a second by itself. */
const gatherMs = 100

/** A proxy takes a connection on which nothing comes for dead. */
const heartbeatMs = 15_000

export type StreamParts = {
  /** Names this run of the program: what one has seen of another run counts for nothing. */
  readonly run: string
  readonly changes: Changes
  readonly makeUpdate: MakeUpdate
  /** Ends the streams; pages open another. */
  readonly stopping: AbortSignal
}

/**
 * Server-Sent Events: an update at once, then one whenever something has changed. Its id says how far the reader has come, so that one
 * who returns (`Last-Event-ID`, or `after` in the query) gets what it has missed, once.
 */
export function createStream({ run, changes, makeUpdate, stopping }: StreamParts): RequestListener {
  return (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write('retry: 1000\n\n')
    let seen = seenBy(request, run)
    let soon: NodeJS.Timeout | undefined

    function tell(): void {
      soon = undefined
      if (response.writableNeedDrain) return later()
      const update = makeUpdate(seen)
      seen = update.newest
      response.write(`id: ${run}/${seen}\ndata: ${JSON.stringify(update)}\n\n`)
    }
    function later(): void {
      soon ??= setTimeout(tell, gatherMs)
    }
    const end = (): void => void response.end()

    const unwatch = changes.watch(later)
    const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs)
    stopping.addEventListener('abort', end)
    response.on('close', () => {
      unwatch()
      clearInterval(heartbeat)
      clearTimeout(soon)
      stopping.removeEventListener('abort', end)
    })
    tell()
  }
}

/** Up to which entry the reader has seen the ledger of this run; 0 for one who has not. */
function seenBy({ headers, url = '' }: IncomingMessage, run: string): number {
  const told = headers['last-event-id'] ?? new URL(url, 'http://sandbox').searchParams.get('after') ?? ''
  const [, ofRun, sequence = '0'] = /^([\w-]+)\/(\d{1,15})$/.exec(String(told)) ?? []
  return ofRun === run ? Number(sequence) : 0
}
