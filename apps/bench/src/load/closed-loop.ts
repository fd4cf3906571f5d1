import type { Target } from './target.ts'

/** Enough of them to have the ingress work without a pause. */
const connections = 64

export type ClosedLoop = {
  readonly target: Target
  /** The mark of the first message. */
  readonly first: number
  readonly count: number
  readonly senders: number
  readonly signal: AbortSignal
}

/** Sends so many messages as fast as they are answered. Resolves with the seconds it took. */
export async function sendAll({ target, first, count, senders, signal }: ClosedLoop): Promise<number> {
  const startedAt = performance.now()
  let begun = 0
  const sendOn = async (): Promise<void> => {
    while (begun < count) {
      signal.throwIfAborted()
      const index = first + begun
      begun += 1
      await target.send(index, index % senders)
    }
  }
  await Promise.all(Array.from({ length: connections }, sendOn))
  return (performance.now() - startedAt) / 1000
}
