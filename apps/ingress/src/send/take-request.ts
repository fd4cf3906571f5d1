import type { Client } from '@ott/registry'

import { fingerprintOf, toLoggedKey } from './idempotency-key.ts'
import { createReadSendRequest, type FindSender } from './request.ts'
import { createTake, type TakeCollaborators } from './take.ts'
import type { Networks } from '../per-network.ts'
import type { ValidityUnit } from './validity.ts'

/** What taking requests works with. `validityUnit` is what a validity that is a bare number counts. */
export type TakeRequestCollaborators = TakeCollaborators & {
  readonly networks: Networks
  readonly findSender: FindSender
  readonly validityUnit: ValidityUnit | undefined
}

/** A request to send, and whose it is. With a `key` it may be repeated. `item`: its place in a batch, counted from 0. */
type Asked = {
  readonly caller: Client
  readonly requestId: string | undefined
  readonly key: string | undefined
  readonly body: unknown
  readonly item?: number
}

/** What came of it: its delivery's id, on disk by this request or, where it is `repeated`, by an earlier one. */
type TakenRequest = { readonly id: string; readonly repeated: boolean }

/** Takes a request in. Rejects with a Problem that tells everything that is wrong with it. */
export type TakeRequest = (asked: Asked) => Promise<TakenRequest>

/** Reads requests, has their deliveries queued, and says so in the log. */
export function createTakeRequest({
  networks,
  findSender,
  validityUnit,
  ...given
}: TakeRequestCollaborators): TakeRequest {
  const readSendRequest = createReadSendRequest(networks, findSender, validityUnit)
  const take = createTake(given)
  return async ({ caller: { id: client, account }, requestId, key, body, item }) => {
    const repeatable = key === undefined ? undefined : { account, key, fingerprint: fingerprintOf(body) }
    const taken = await take(repeatable, () => readSendRequest(body, account))
    const { id, repeated, delivery: { network, sender, contents } = {} } = taken
    const keyHash = toLoggedKey(key)
    given.logger.info(
      { requestId, item, deliveryId: id, client, network, sender, contents: contents?.length, keyHash },
      repeated ? 'delivery.repeated' : 'delivery.queued',
    )
    return { id, repeated }
  }
}
