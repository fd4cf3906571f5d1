import { type Delivery, type NetworkAttempt, noEarlier } from '@ott/delivery'

/** For tests: a delivery of one text to a recipient's id, unless told otherwise. */
export function aDelivery(changes: Partial<Delivery> = {}): Delivery {
  return {
    id: '7f0c1a52-9d1e-4c39-8f5e-2a0f5b1c6d7e',
    account: 'shop',
    network: 'any',
    sender: 'sender',
    recipient: { id: 'U4af4980629a1b2c3d4e5f60718293a4b' },
    contents: [{ type: 'text', text: 'Your table is ready' }],
    key: 'order-1',
    validity: '30',
    purpose: 'update',
    createdAt: Date.now(),
    ...changes,
  }
}

/** For tests: a first attempt, whose records are of no interest, unless told otherwise. */
export function anAttempt(changes: Partial<NetworkAttempt> = {}): NetworkAttempt {
  return { signal: new AbortController().signal, earlier: noEarlier, record: async () => undefined, ...changes }
}
