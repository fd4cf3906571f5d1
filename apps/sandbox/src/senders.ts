import { createHmac } from 'node:crypto'

import type { NetworkName } from './ledger.ts'

/** A Messenger page whose credentials are checked. */
export type Page = {
  readonly pageId: string
  readonly pageAccessToken: string
  readonly applicationSecret: string
}

/** A page, and the proof that its calls must carry: https://developers.facebook.com/docs/graph-api/guides/secure-requests */
export type DeclaredPage = Page & { readonly proof: string }

/** The senders whose credentials were declared over the control API. Any other sender is taken at its word. */
export class DeclaredSenders {
  readonly #channelSecrets = new Map<string, string>()
  readonly #pages = new Map<string, DeclaredPage>()
  readonly #pagesByToken = new Map<string, DeclaredPage>()

  declareChannel(channelId: string, channelSecret: string): void {
    this.#channelSecrets.set(channelId, channelSecret)
  }

  /** A page declared again has only its new token. */
  declarePage(page: Page): void {
    const proof = createHmac('sha256', page.applicationSecret).update(page.pageAccessToken).digest('hex')
    const earlier = this.#pages.get(page.pageId)
    if (earlier !== undefined) this.#pagesByToken.delete(earlier.pageAccessToken)
    this.#pages.set(page.pageId, { ...page, proof })
    this.#pagesByToken.set(page.pageAccessToken, { ...page, proof })
  }

  /** Whether the channel may have this secret. */
  takesSecret(channelId: string, channelSecret: string): boolean {
    const declared = this.#channelSecrets.get(channelId)
    return declared === undefined || declared === channelSecret
  }

  /** The first that was declared of each network. */
  first(): Readonly<Record<NetworkName, string | undefined>> {
    return { line: this.#channelSecrets.keys().next().value, messenger: this.#pages.keys().next().value }
  }

  findPage(pageId: string): DeclaredPage | undefined {
    return this.#pages.get(pageId)
  }

  findPageByToken(pageAccessToken: string): DeclaredPage | undefined {
    return this.#pagesByToken.get(pageAccessToken)
  }
}
