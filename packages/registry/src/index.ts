export { Callback, type CallbackWithSecret, type DisablingReason, isTold, type WantedCallback } from './callback.ts'
export { exposeCallbacks } from './callback-metrics.ts'
export { CallbackRegistry } from './callback-registry.ts'
export {
  Client,
  ClientRegistry,
  type ClientWithSecret,
  type ListedClient,
  type NewClient,
  Scope,
} from './client-registry.ts'
export { CredentialsEnvironment, KeyList } from './keys.ts'
export { createSealer, type Sealer, UnknownKey } from './sealer.ts'
export { hashSecret, matchesSecret } from './secret-hash.ts'
export { type HeldSender, listHolds, SenderHolds } from './sender-holds.ts'
export { readRevision, SenderRegistry, type SenderRegistryOptions } from './sender-registry.ts'
export type { Page } from './watched-records.ts'
