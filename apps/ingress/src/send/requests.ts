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

/** An image and a text as LINE takes them, for requests of several contents. */
export const image = { type: 'image', url: 'https://example.com/a.jpg', altUrl: 'https://example.com/b.jpg' }
export const text = { type: 'text', text: 'Hello' }

/** A request for LINE with these contents. */
export const toLineWith = (...contents: unknown[]) => toLine({ message: { contents } })

/** A request for Messenger with this content and these custom keys. */
export const toMessengerWith = (content: unknown, ...customKeys: unknown[]) =>
  toMessenger({ message: { contents: [content], customKeys: [{ messagingType: 'UPDATE' }, ...customKeys] } })
