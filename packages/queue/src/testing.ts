import { accepted } from '@ott/delivery'
import { createLogger, type Logger } from '@ott/runtime'

export { aDelivery } from './a-delivery.ts'
import type { DeliveryWorkerOptions } from './delivery-worker.ts'
import type { SenderStandings } from './held-senders.ts'
import { RetentionEnvironment } from './retention.ts'

export const logger: Logger = createLogger('test', 'silent')
export const retention = RetentionEnvironment.parse({})

/** Senders that nothing holds back. */
const freeSenders: SenderStandings = {
  standingOf: async () => ({ passage: 'pass', hold: undefined, revision: '1' }),
  waitFor: () => Promise.reject(new Error('no sender is held back here')),
  holdBack: () => Promise.reject(new Error('no sender is held back here')),
  answered: async () => undefined,
}

/** For tests: what of a worker's options they seldom care about. */
export const usual = {
  concurrency: 1,
  retention,
  logger,
  senders: freeSenders,
  lockMs: 20_000,
  giveUpHours: 168,
  stopLimitMs: 1000,
} satisfies Partial<DeliveryWorkerOptions>

export const sent = accepted('push', ['461230966842064897'], { requestId: 'r-1' })
