/** One thing that is wrong with a request. */
export type ValidationError = { readonly message: string; readonly errorcode: number }

type Details = {
  readonly status?: number | undefined
  readonly errorcode?: number | undefined
  readonly validationErrors?: readonly ValidationError[] | undefined
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

/** What passes by itself: too many requests, or a server or what stands before it in trouble for a while. */
const passing: ReadonlySet<number | undefined> = new Set([undefined, 408, 429, 502, 503, 504])

/** A call was refused, or not answered, for good or once all its repeats were used up. Holds no secret. */
export class OttError extends Error {
  override readonly name = 'OttError'
  /** The HTTP status; `undefined` when there was no answer. */
  readonly status: number | undefined
  /** The API's own code, where it gave one. */
  readonly errorcode: number | undefined
  /** All that is wrong with the request, in the API's words. */
  readonly validationErrors: readonly ValidationError[]
  /** Whether the same call may well go through later. */
  readonly retryable: boolean
  /** How long the server asked to wait, where it did. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, { status, errorcode, validationErrors = [], retryAfterMs, cause }: Details = {}) {
    super(message, { cause })
    this.status = status
    this.errorcode = errorcode
    this.validationErrors = validationErrors
    this.retryable = passing.has(status)
    this.retryAfterMs = retryAfterMs
  }
}
