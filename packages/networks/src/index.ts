import type { NetworkDefinition } from '@ott/delivery'

import { line } from './line/line.ts'
import { messenger } from './messenger/messenger.ts'

export { CallbackEnvironment, EndpointEnvironment, whyNotCallbackUrl, whyNotEndpoint } from './endpoint-guard.ts'
export { type Http, openCallbackHttp, openHttp } from './exchange.ts'
export { retryAfterMs } from './retry-after.ts'

/** Every network there is. Schemas, queue names and worker fleets derive from this list: a third network is its line here. */
export const networks = { line, messenger } satisfies Record<string, NetworkDefinition>

export type NetworkName = keyof typeof networks
