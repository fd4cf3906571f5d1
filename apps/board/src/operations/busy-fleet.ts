import { setTimeout } from 'node:timers/promises'

import { accepted, deferred, type Delivery, type Receipt, refused } from '@ott/delivery'

import type { useFleet } from '../use-fleet.ts'

const tickMs = 200

/** Whom the networks know; LINE takes nothing from the one that is closed, nor from the one that has used up its allowance. */
export const senders = {
  line: '1650000000',
  flooding: '1650000002',
  closed: '1650000001',
  spent: '1650000003',
  page: '100200300400500',
} as const

/** Answers as networks do on a usual day, some of them with a refusal. */
export function makeAnswer() {
  let count = 0
  return async ({ sender, network }: Delivery): Promise<Receipt> => {
    count += 1
    const place = count
    await setTimeout(250 + 200 * Math.random())
    if (sender === senders.closed) return refused('credentials', 'LINE answered 401: Authentication failed')
    if (sender === senders.spent) return deferred('quota', 'LINE answered 429: You have reached your monthly limit.')
    if (place % 50 === 0) return refused('recipient', 'answered 400: cannot be reached')
    if (network === 'messenger' && place % 25 === 1) return refused('window', 'outside of the allowed window')
    return accepted('push', ['461230966842064897'])
  }
}

/** Sends what a day brings, in the time given: it rises and falls, and now and then a sender floods for some seconds. */
export async function keepBusy(fleet: ReturnType<typeof useFleet>, forMs: number): Promise<void> {
  const startedAt = performance.now()
  for (let tick = 0; performance.now() - startedAt < forMs; tick += 1) {
    const wave = 1 + Math.sin(tick / 60) / 3 + Math.random() / 6
    const floods = tick % 200 >= 90 && tick % 200 < 130
    await Promise.all([
      fleet.send('line', senders.line, Math.round(9 * wave)),
      fleet.send('line', senders.line, Math.round(3 * wave), 'reply'),
      fleet.send('messenger', senders.page, Math.round(6 * wave)),
      fleet.send('line', senders.closed, tick % 40 === 0 ? 5 : 0),
      fleet.send('line', senders.spent, tick % 60 === 30 ? 8 : 0),
      fleet.send('line', senders.flooding, floods ? 18 : 0, 'slow'),
    ])
    await setTimeout(tickMs)
  }
}
