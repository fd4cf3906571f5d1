import type { Logger, Redis } from '@ott/runtime'

import type { Attempt } from './attempt.ts'
import type { SenderStandings } from './held-senders.ts'
import type { TurnsOptions } from './turns.ts'

/** What a worker makes of its deliveries with. */
export type ProcessOptions = TurnsOptions & {
  readonly attempt: Attempt
  readonly senders: SenderStandings
  readonly redis: Redis
  readonly logger: Logger
  /** Where BullMQ keeps the job of this id. */
  readonly keyOf: (id: string) => string
  /** When a delivery that could not be attempted here comes up again. */
  readonly handedBackMs: number
  /** For how long at most a delivery without an end to its validity is under way. */
  readonly giveUpMs: number
  readonly stop: AbortSignal
  /** Told when this worker cannot attempt. */
  readonly onHindered: (deliveryId: string, reason: string) => void
}
