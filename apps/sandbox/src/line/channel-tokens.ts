import { randomBytes } from 'node:crypto'

import { ExpiringMap } from '../expiring-map.ts'

/** https://developers.line.biz/en/docs/basics/channel-access-token/#stateless-channel-access-token */
const lifetimeMs = 15 * 60 * 1000

/** Stateless channel access tokens. Any number of a channel's may be out, each belongs to the channel that asked. */
export class ChannelTokens {
  readonly #channels: ExpiringMap<string>

  constructor(now: () => number) {
    this.#channels = new ExpiringMap(now, 100_000)
  }

  issue(channelId: string): string {
    const token = randomBytes(96).toString('base64url')
    this.#channels.set(token, channelId, lifetimeMs)
    return token
  }

  /** The channel that the token in an Authorization header belongs to. */
  channelOf(authorization: string | undefined): string | undefined {
    return authorization?.startsWith('Bearer ') ? this.#channels.get(authorization.slice(7)) : undefined
  }
}
