/** A request that LINE's demo sender may make, with changes. */
export function toLine(changes: Record<string, unknown> = {}) {
  return {
    messageKey: 'order-4711',
    from: { senderType: 'line', senderId: '1656000000' },
    to: { ottId: 'U0123456789abcdef0123456789abcdef' },
    message: { contents: [{ type: 'text', text: 'Hello' }] },
    validityPeriod: '30',
    ...changes,
  }
}

/** A request that Messenger's demo sender may make, with changes. */
export function toMessenger(changes: Record<string, unknown> = {}) {
  return {
    messageKey: 'order-4712',
    from: { senderType: 'messenger', senderId: '100200300' },
    to: { ottId: '2468013579' },
    message: { contents: [{ type: 'text', text: 'Hello' }], customKeys: [{ messagingType: 'RESPONSE' }] },
    validityPeriod: '30',
    ...changes,
  }
}
