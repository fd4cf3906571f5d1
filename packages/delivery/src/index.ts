export { Content, type ContentType, type MediaContent } from './content.ts'
export { Alert, Delivery, Purpose, Recipient } from './delivery.ts'
export { type Answer, type Call, EndpointNotAllowed, type Exchange, NoAnswer, TooLate } from './exchange.ts'
export type { AttemptRecord, DeliveryEvent, History } from './history.ts'
export { FailureReason, Hold, type Passage, passage } from './hold.ts'
export {
  defineNetwork,
  type Earlier,
  type Network,
  type NetworkAttempt,
  type NetworkDefinition,
  noEarlier,
  type Pace,
  Sender,
  type SenderAttribute,
} from './network.ts'
export { hider } from './quoted.ts'
export {
  accepted,
  Accepted,
  deferred,
  DeferralReason,
  type Deferred,
  type Receipt,
  refused,
  RefusalReason,
  type Refused,
} from './receipt.ts'
