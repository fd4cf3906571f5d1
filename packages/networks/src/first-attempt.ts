import { type NetworkAttempt, noEarlier } from '@ott/delivery'

/** For tests: a first attempt, whose records are of no interest. */
export function firstAttempt(signal: AbortSignal): NetworkAttempt {
  return { signal, earlier: noEarlier, record: async () => undefined }
}
