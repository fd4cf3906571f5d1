import type { PerProcess, Stack } from '../stack/stack.ts'
import { spentBy } from './rounds.ts'
import { accept, type Bench } from './scenario.ts'

export type BacklogOptions = {
  readonly count: number
  readonly senders?: number
  readonly delayMs?: number
  /** So many more wait, and are left. */
  readonly left?: number
}

export type Delivered = { readonly spent: PerProcess; readonly count: number; readonly perSecond: number }

/** Has messages wait for workers that are paused, and measures how they are delivered. */
export async function deliverBacklog(bench: Bench, stack: Stack, options: BacklogOptions): Promise<Delivered> {
  const { count, senders = 1, left = 0 } = options
  await stack.clear()
  await stack.pause()
  // What the stack itself made of a request is copied: to post them all would take minutes.
  await accept(bench, stack, { senders, count: senders })
  await stack.addBacklog(count + left - senders)
  const delivered = await deliverWaiting(bench, stack, options)
  await stack.clear()
  await stack.resume()
  return delivered
}

/** Measures how what waits already is delivered, and pauses the workers again. */
export async function deliverWaiting(
  { network, signal }: Bench,
  stack: Stack,
  { delayMs = 0, left = 0 }: Pick<BacklogOptions, 'delayMs' | 'left'>,
): Promise<Delivered> {
  await network.start({ delayMs })
  const { spent } = await spentBy(stack, async () => {
    await stack.resume()
    await stack.untilDelivered(signal, left)
    await stack.pause()
    await stack.untilIdle(signal)
  })
  const { count, firstAt, lastAt } = await network.count()
  return { spent, count, perSecond: (count * 1000) / (lastAt - firstAt) }
}
