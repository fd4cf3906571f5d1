import { setTimeout } from 'node:timers/promises'

import { accepted, type Delivery, type Receipt, refused } from '@ott/delivery'

import type { useFleet } from '../use-fleet.ts'

const tickMs = 200

/** Whom the networks know; LINE takes nothing from the one that is closed. */
export const senders = {
  line: '1650000000',
  flooding: '1650000002',
  closed: '1650000001',
  page: '100200300400500',
} as const

/** Answers as networks do on a usual day. */
export async function answerAsUsual({ sender, network }: Delivery): Promise<Receipt> {
  await setTimeout(20 + 60 * Math.random())
  if (sender === senders.closed) return refused('credentials', 'LINE answered 401: Authentication failed')
  if (Math.random() < 0.02) return refused('recipient', 'answered 400: cannot be reached')
  if (network === 'messenger' && Math.random() < 0.03) return refused('window', 'outside of the allowed window')
  return accepted('push', ['461230966842064897'])
}

/** Sends what a day brings, in the time given: it rises and falls, and now and then somebody floods. */
export async function keepBusy(fleet: ReturnType<typeof useFleet>, forMs: number): Promise<void> {
  const startedAt = performance.now()
  for (let tick = 0; performance.now() - startedAt < forMs; tick += 1) {
    const wave = 1 + Math.sin(tick / 40) / 2 + Math.random() / 3
    await Promise.all([
      fleet.send('line', senders.line, Math.round(8 * wave)),
      fleet.send('line', senders.line, Math.round(3 * wave), 'reply'),
      fleet.send('messenger', senders.page, Math.round(5 * wave)),
      fleet.send('line', senders.closed, tick % 40 === 0 ? 5 : 0),
      fleet.send('line', senders.flooding, tick % 150 === 60 ? 900 : 0, 'slow'),
    ])
    await setTimeout(tickMs)
  }
}
