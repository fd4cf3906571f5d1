/** One call to a network over HTTP. `url` holds no secret: it may be logged. */
export type Call = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** What it is for, where that is not a delivery: for whoever measures calls. */
  readonly operation?: 'token' | undefined
  /** The call is not made, nor made again, after this: milliseconds since 1970. */
  readonly notAfter?: number | undefined
  /** Whether making the call again can do no harm even if the network already acted on it. */
  readonly repeatable: boolean
  /** Whether an answer should be another within seconds, so that the call is worth making again at once. */
  readonly passing: (answer: Answer) => boolean
  /** Whether an answer leaves it open if the network acted on the call. No answer does, unless told here. */
  readonly leavesOpen?: ((answer: Answer) => boolean) | undefined
}

/** What a network answered, whatever the status. `body` is the parsed JSON, `undefined` where it is none. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
  /** Whether the network may have acted on an earlier try of the same call: one without an answer, or whose answer left it open. */
  readonly afterDoubt?: boolean | undefined
}

/**
 * Makes the call, and repeats it within seconds where that is safe and useful. Rejects with {@link NoAnswer}, {@link TooLate},
 * {@link EndpointNotAllowed} or when aborted.
 */
export type Exchange = (call: Call) => Promise<Answer>

/** No answer came: the network could not be reached, or did not reply in time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  /** False when no connection was made, nor in an earlier try of the call, so that the network cannot have acted on it. */
  readonly reached: boolean

  constructor(message: string, reached: boolean, options?: ErrorOptions) {
    super(message, options)
    this.reached = reached
  }
}

/** No call was made, since the endpoint is none that may be called. The message says why; it holds no secret. */
export class EndpointNotAllowed extends Error {
  override readonly name = 'EndpointNotAllowed'
}

/** No call was made, since it would have come after the time that it was to be made by. */
export class TooLate extends Error {
  override readonly name = 'TooLate'
}
