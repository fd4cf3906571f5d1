import { randomUUID } from 'node:crypto'

/** How large a request is that the bench sends, in bytes: what the figures of the issue were measured with. */
const requestBytes = 330

const mark = /"text":"#(\d+) /

/** The id of a sender, counted from 0. */
export function senderId(sender: number): string {
  return String(1_650_000_000 + sender)
}

/**
 * The request for one message. `index` is its mark, by which the network double tells it again. A reply answers somebody who has
 * written, with the token that came with that.
 */
export function toBody(index: number, sender: number, isReply = false): string {
  const request = (text: string): string =>
    JSON.stringify({
      messageKey: randomUUID(),
      from: { senderType: 'line', senderId: senderId(sender) },
      to: { ottId: `U${index.toString(16).padStart(32, '0')}`, ...(isReply && { userReference: `token-${index}` }) },
      message: { contents: [{ type: 'text', text }] },
      validityPeriod: 'PT24H',
    })
  const start = `#${index} `
  return request(start.padEnd(start.length + requestBytes - request(start).length, 'Your table is ready. '))
}

/** The mark of the message that a network is asked to deliver. */
export function indexOf(body: string): number | undefined {
  const found = mark.exec(body)?.[1]
  return found === undefined ? undefined : Number(found)
}
