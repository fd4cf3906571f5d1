import { randomUUID } from 'node:crypto'

import type { Delivery } from '@ott/delivery'

/** For tests: a delivery of its own, of one text on LINE unless told otherwise. */
export function aDelivery(changes: Partial<Delivery> = {}): Delivery {
  return {
    id: randomUUID(),
    account: 'shop',
    network: 'line',
    sender: '1650000000',
    recipient: { id: 'U4af4980629a1b2c3d4e5f60718293a4b' },
    contents: [{ type: 'text', text: 'Your table is ready' }],
    key: randomUUID(),
    validity: '30',
    createdAt: Date.now(),
    ...changes,
  }
}
