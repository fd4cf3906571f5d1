export { openQueue } from './connection.ts'
export { DeliveryQueues } from './delivery-queues.ts'
export { type Attempt, type AttemptContext, CannotAttempt } from './delivery-process.ts'
export {
  type DeliveryWorker,
  type DeliveryWorkerOptions,
  startDeliveryWorker,
  WorkerEnvironment,
} from './delivery-worker.ts'
export { NoLongerHeld } from './record.ts'
export { type ProgressWatch, watchProgress } from './progress-watch.ts'
export { type Retention, RetentionEnvironment } from './retention.ts'
