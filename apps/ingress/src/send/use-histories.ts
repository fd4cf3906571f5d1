import type { AttemptRecord, Delivery, DeliveryEvent } from '@ott/delivery'

import { useIngress } from '../use-ingress.ts'

/** When things happen in tests of the status, and how that is told. */
export const at = Date.UTC(2026, 10, 23, 9, 30, 15, 250)
export const eventDateTime = '2026-11-23T09:30:15.250Z'

/** Gives the tests of a file an ingress, and deliveries with a history. */
export function useHistories() {
  const ingress = useIngress()

  /** Sends, and lets the queue have this history of it. */
  async function send(body: unknown, events: DeliveryEvent[] = [], attempts: AttemptRecord[] = []): Promise<Delivery> {
    await ingress.post('/ott/v1/send', body)
    const delivery = ingress.queued.at(-1)
    if (delivery === undefined) throw new Error('it was not queued')
    for (const id of [delivery.id, delivery.key]) ingress.histories.set(id, { delivery, events, attempts })
    return delivery
  }

  return { ingress, send }
}
