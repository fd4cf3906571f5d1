export type { AccessToken } from './access-tokens.ts'
export type { BatchItem, BatchRequest } from './batch.ts'
export {
  type Accepted,
  type CallOptions,
  type Client,
  type ClientOptions,
  createClient,
  type SendOptions,
} from './client.ts'
export type { LineContent, MessengerContent, NativeContent, TextContent } from './contents.ts'
export { DeliveryFailed, DeliveryUnderWay } from './delivery-errors.ts'
export type {
  AttemptRecord,
  DeliveryStatus,
  ErrorEvent,
  SentEvent,
  SentStatus,
  StatusEvent,
} from './delivery-status.ts'
export { OttError, type ValidationError } from './ott-error.ts'
export type { LineRequest, MessengerRequest, SendRequest } from './send-request.ts'
export type { WaitOptions } from './wait-until-sent.ts'
