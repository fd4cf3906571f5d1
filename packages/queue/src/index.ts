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
export { type HoldMoment, nextPark, nextThrottle, type ParkReceipt } from './next-hold.ts'
export { ParkedDeliveries, type ParkedSender } from './parked-deliveries.ts'
export {
  ParkingEnvironment,
  type ParkingKeeper,
  type ParkingKeeperOptions,
  startParkingKeeper,
} from './parking-keeper.ts'
export { type Retention, RetentionEnvironment } from './retention.ts'
export { Spread } from './spread.ts'
export type { FindRevision, Holds } from './tend-sender.ts'
