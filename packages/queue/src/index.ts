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
export { createIdempotencyRecords, type IdempotencyRecord, type IdempotencyRecords } from './idempotency.ts'
export { type Retention, RetentionEnvironment } from './retention.ts'
