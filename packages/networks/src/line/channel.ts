import type { Delivery, Exchange, Receipt } from '@ott/delivery'

import { toMessage } from './message.ts'

/** A LINE channel as its replies and pushes see it. */
export type OpenChannel = {
  /** What the addresses of replies and pushes have in common. */
  readonly messageUrl: string
  readonly exchange: Exchange
  /** What comes of a call with the channel's access token, its secrets taken out. */
  readonly withToken: WithToken
}

export type WithToken = <Result extends Receipt | undefined>(
  signal: AbortSignal,
  use: (token: string) => Promise<Result>,
) => Promise<Result | Receipt>

/** The body of a reply or a push: the same delivery makes the same text, whenever and wherever it is made. */
export function toBody(address: Readonly<Record<string, unknown>>, { contents, alert }: Delivery): string {
  const quiet = alert === 'silent' || alert === 'none'
  return JSON.stringify({ ...address, messages: contents.map(toMessage), ...(quiet && { notificationDisabled: true }) })
}

export function messageHeaders(token: string) {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
}
