export { NotSentInTime } from './turn-calls.ts'
export { type NetworkQueue, openQueue } from './connection.ts'
export { type Attempt, type AttemptContext, CannotAttempt } from './attempt.ts'
export type { DeliveryEnds } from './delivery-ends.ts'
export { DeliveryQueues, type LevelOfQueue } from './delivery-queues.ts'
export { type CallbackJob, CallbackQueues } from './callback-queues.ts'
export {
  type CallbackWorker,
  type CallbackWorkerOptions,
  startCallbackWorker,
  type TellEvent,
  type Told,
} from './callback-worker.ts'
export { takeCallbacks } from './taken-callbacks.ts'
export { deliverySpan } from './delivery-span.ts'
export {
  type DeliveryWorker,
  type DeliveryWorkerOptions,
  startDeliveryWorker,
  WorkerEnvironment,
} from './delivery-worker.ts'
export { type Lane, lanes } from './lane.ts'
export { PaceEnvironment, SenderPaces } from './pace.ts'
export { type Ended } from './ended-sources.ts'
export { EndedDeliveries } from './ended-deliveries.ts'
export { type EndedTail, startEndedTail } from './ended-tail.ts'
export { HeldSenders, type Senders } from './held-senders.ts'
export { NewerForm } from './history.ts'
export { NetworkQueues } from './network-queues.ts'
export { type ParkedCount, ParkedCounts } from './parked-counts.ts'
export { ParkedDeliveries } from './parked-deliveries.ts'
export { ParkingEnvironment, startParkingKeeper } from './parking-keeper.ts'
export { type ProgressWatch, watchProgress } from './progress-watch.ts'
export { type QueueOutcomes, readOutcomes, type Span } from './queue-outcomes.ts'
export { type QueueLevel, readQueueLevel } from './queue-level.ts'
export { QueueEnvironment, type Take, TakeShards, undividedQueue } from './queue-layout.ts'
export { type TakenQueues, takeQueues } from './taken-queues.ts'
export { NoLongerHeld } from './record.ts'
export { FailedDeliveries, type RedriveBounds } from './failed-deliveries.ts'
export { FailedPosition } from './redrive-pages.ts'
export type { FailedSelection, SkipReason } from './redrive-selection.ts'
export { type RedriveTally, sumOf } from './redrive-tally.ts'
export { type Rounds, type RoundsOptions, startRounds } from './rounds.ts'
export { createIdempotencyRecords, type IdempotencyRecord, type IdempotencyRecords } from './idempotency.ts'
export { SenderLoads, type TopSenders } from './top-senders.ts'
export { type Retention, RetentionEnvironment } from './retention.ts'
