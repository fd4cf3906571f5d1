import { z } from 'zod'

import type { Content, ContentType } from './content.ts'
import type { Delivery } from './delivery.ts'
import type { Exchange } from './exchange.ts'
import type { Receipt } from './receipt.ts'

/** The port: a messaging network, opened with one sender's credentials. */
export interface Network {
  /**
   * Resolves for every answer the network can give; rejects only with {@link NoAnswer}, {@link TooLate},
   * {@link EndpointNotAllowed}, with what `attempt.record` rejects with, when aborted, or for a bug.
   */
  readonly deliver: (delivery: Delivery, attempt: NetworkAttempt) => Promise<Receipt>
  /** Asks the network whether it takes the sender's credentials, writing to nobody. Resolves and rejects as `deliver` does. */
  readonly check: (signal: AbortSignal) => Promise<Receipt>
}

/** What a network is told of one attempt, and what it tells before it acts. */
export type NetworkAttempt = {
  readonly signal: AbortSignal
  /** No call that delivers is begun after this: milliseconds since 1970. */
  readonly notAfter?: number | undefined
  readonly earlier: Earlier
  /**
   * Puts on disk that the delivery is about to go this way, so that it is known even if the worker dies with the answer. Only
   * where an unknown outcome changes what happens next: it costs a round trip. Rejects when another worker has the delivery.
   */
  readonly record: (via: string) => Promise<void>
}

/** What earlier attempts at a delivery left behind. */
export type Earlier = {
  /** The way that was put on record last. */
  readonly recorded?: string | undefined
  /** Whether the network may have taken the delivery that way: what came of a recorded call never became known. */
  readonly inDoubt: boolean
  /**
   * Since when the network may have taken the delivery, by whatever way: an answer or a whole worker was lost. Milliseconds
   * since 1970, rather too early than too late.
   */
  readonly doubtfulSince?: number | undefined
}

/** Nothing came before. */
export const noEarlier: Earlier = { inDoubt: false }

/**
 * One thing a sender registers. `secret` is kept and never shown again; `flag` is yes or no; `choice` is one of a few words,
 * the first of which holds where none is given.
 */
export type SenderAttribute =
  | { readonly name: string; readonly kind: 'text' | 'secret' | 'flag'; readonly required: boolean }
  | {
      readonly name: string
      readonly kind: 'choice'
      readonly required: false
      readonly choices: readonly [string, ...string[]]
    }

/** A registered sender. `attributes` are the network's own words, secrets among them: never log or show it whole. */
export const Sender = z.object({
  /** Whose it is. */
  account: z.string(),
  network: z.string(),
  id: z.string(),
  active: z.boolean(),
  /** Where the network is reached: a path below it is the network's business. */
  endpointUrl: z.string(),
  attributes: z.record(z.string(), z.union([z.string(), z.boolean()])),
  /** New at each registration, so that whatever was opened with the earlier one is opened anew. */
  revision: z.string(),
})
export type Sender = Readonly<z.infer<typeof Sender>>

/**
 * How many deliveries a second the network takes from a sender, as it publishes. Deliveries of paces with different names are
 * counted apart.
 */
export type Pace = { readonly name: string; readonly perSecond: number }

/** A network before any sender is known: what it accepts, and how it is opened for a sender. */
export interface NetworkDefinition {
  /** As people write it: `LINE`. */
  readonly title: string
  /** The version of the network's API that is spoken where the endpoint URL names none. */
  readonly apiVersion: string
  /** What a sender registers, besides its endpoint and whether it is active, in the order problems are reported. */
  readonly senderAttributes: readonly SenderAttribute[]
  /** Which of them is the sender's id. */
  readonly senderId: string
  /** Whether the recipient's id must be given, or its id or reference. */
  readonly addressedBy: 'id' | 'id or reference'
  readonly contentTypes: readonly ContentType[]
  /** How many contents one delivery may have. */
  readonly contentsMax: number
  /** Whether media the network already holds can be named by an attachment id, in place of a URL. */
  readonly takesAttachmentIds: boolean
  /** Whether a delivery must say its purpose. */
  readonly needsPurpose: boolean
  /**
   * The network's published limits on one content that is otherwise well formed. An issue's path is the property, its message
   * completes the sentence "<property> …"; `missing` in its params tells an absence from a bad value.
   */
  readonly limits: z.ZodType<Content>
  /** Deliveries that one worker process has under way at a time, unless configured otherwise. */
  readonly concurrency: number
  /** Whether the delivery answers somebody who waits for it: such go first. */
  readonly isReply: (delivery: Delivery) => boolean
  /** The pace that the delivery counts in; `undefined` where the network publishes none. Asked for each delivery. */
  readonly pace: (delivery: Delivery) => Pace | undefined
  /** Opens it for one sender. Throws a ZodError when the sender's attributes are not what the network needs. */
  readonly open: (sender: Sender, exchange: Exchange) => Network
}

/** Ties a network's `open` to the credentials it reads, which are parsed from the sender's endpoint and attributes. */
export function defineNetwork<Credentials extends z.ZodType>(
  definition: Omit<NetworkDefinition, 'open'> & {
    readonly credentials: Credentials
    readonly open: (credentials: z.output<Credentials>, exchange: Exchange) => Network
  },
): NetworkDefinition {
  const { credentials, open, ...rest } = definition
  return {
    ...rest,
    open: (sender, exchange) =>
      open(credentials.parse({ ...sender.attributes, endpointUrl: sender.endpointUrl }), exchange),
  }
}
