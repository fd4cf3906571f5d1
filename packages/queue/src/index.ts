export { openQueue } from './connection.ts'
export { DeliveryQueues } from './delivery-queues.ts'
export {
  type Attempt,
  type AttemptNumber,
  CannotAttempt,
  type DeliveryWorker,
  type DeliveryWorkerOptions,
  startDeliveryWorker,
} from './delivery-worker.ts'
export { FailedDeliveries, type RedriveBounds } from './failed-deliveries.ts'
export { FailedPosition } from './redrive-pages.ts'
export type { FailedSelection, SkipReason } from './redrive-selection.ts'
export { type RedriveTally, sumOf } from './redrive-tally.ts'
export { type Retention, RetentionEnvironment } from './retention.ts'
