import type { IncomingHttpHeaders } from 'node:http'

/** One HTTP request, read whole. `path` is what follows the place where the handler is mounted. */
export type Call = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** `undefined` when it was larger than anything is read here. */
  readonly body: string | undefined
}

/** What is answered. A string goes out as it is, anything else as JSON, `undefined` as no body at all. */
export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** What the caller gets; `cut` is the end of the connection without a word. */
export type Outcome = Answer | 'cut'

export type Handler = (call: Call) => Outcome | Promise<Outcome>
