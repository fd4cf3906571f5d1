export { DeliveryQueues } from './delivery-queues.ts'
