export { Content, type ContentType, type MediaContent } from './content.ts'
export { Alert, Delivery, Purpose, Recipient } from './delivery.ts'
export { type Answer, type Call, EndpointNotAllowed, type Exchange, NoAnswer } from './exchange.ts'
export type { DeliveryEvent, FailureReason, History } from './history.ts'
export { defineNetwork, type Network, type NetworkDefinition, Sender, type SenderAttribute } from './network.ts'
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
