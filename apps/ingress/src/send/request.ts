import { randomUUID } from 'node:crypto'

import type { Delivery, Sender } from '@ott/delivery'
import { type NowOrLater, whenKnown } from '@ott/runtime'
import { z } from 'zod'

import { type Networks, perNetwork } from '../per-network.ts'
import { invalid, type ValidationError } from '../problem.ts'
import { propertyReader } from '../property-names.ts'
import { once, toValidationError } from '../validation-errors.ts'
import { nameMax, toText } from '../wire-values.ts'
import { documented, isDocumented, order } from './messages.ts'
import { anyNetwork, createSendSchema, type SendRequest } from './schema.ts'
import type { ValidityUnit } from './validity.ts'

/** An account's sender as last registered, active or not. */
export type FindSender = (account: string, network: string, id: string) => NowOrLater<Sender | undefined>

/** Reads the body of an account's send request. Throws, or rejects with, a Problem that tells everything that is wrong with it. */
export type ReadSendRequest = (body: unknown, account: string) => NowOrLater<Delivery>

const fromOf = propertyReader('from')
const senderTypeOf = propertyReader('senderType')
const senderIdOf = propertyReader('senderId')
const messageOf = propertyReader('message')
const contentsOf = propertyReader('contents')

/** Each network's rules come from its definition; where the body names no network, those hold that are common to all. */
export function createReadSendRequest(
  networks: Networks,
  findSender: FindSender,
  validityUnit: ValidityUnit | undefined,
): ReadSendRequest {
  const given = { networks: Object.keys(networks), validityUnit }
  const common = createSendSchema(given, anyNetwork)
  // https://zod.dev/compile
  const find = perNetwork(networks, (network, rules) => ({
    network,
    schema: z.compile(createSendSchema(given, rules)),
  }))
  return (body, account) => {
    const from = fromOf(body)
    const named = find(senderTypeOf(from))
    const senderId = toText(senderIdOf(from))
    const parsed = (named?.schema ?? common).safeParse(body, { reportInput: true })
    const isNamed = named !== undefined && typeof senderId === 'string' && senderId.length <= nameMax
    return whenKnown(isNamed ? findSender(account, named.network, senderId) : undefined, (sender) => {
      const usable = !isNamed || sender?.active === true
      if (parsed.success && usable) return toDelivery(parsed.data, account)
      throw invalid(toValidationErrors(parsed.error?.issues ?? [], usable, body))
    })
  }
}

function toDelivery(request: SendRequest, account: string): Delivery {
  const { from, to, message, validityPeriod } = request
  const { text: validity, lastsMs } = validityPeriod
  const createdAt = Date.now()
  return {
    id: randomUUID(),
    account,
    network: from.senderType,
    sender: from.senderId,
    recipient: { id: to.ottId, reference: to.userReference },
    contents: message.contents,
    key: request.messageKey,
    groupKey: request.messageGroupKey,
    subject: message.subject,
    validity,
    ...message.customKeys,
    createdAt,
    expiresAt: lastsMs === undefined ? undefined : createdAt + lastsMs,
  }
}

const unusableSender: z.core.$ZodIssue = {
  code: 'custom',
  path: ['from'],
  message: documented.sender,
  input: undefined,
}

function toValidationErrors(issues: readonly z.core.$ZodIssue[], usable: boolean, body: unknown): ValidationError[] {
  const contents = contentsOf(messageOf(body))
  const several = Array.isArray(contents) && contents.length > 1
  return once(
    [...issues, ...(usable ? [] : [unusableSender])]
      .toSorted((one, other) => placeOf(one) - placeOf(other))
      .map((issue) => (several ? numbered(issue) : toValidationError(issue))),
  )
}

function placeOf(issue: z.core.$ZodIssue): number {
  return order.get(issue.message) ?? order.size
}

/** Names the content at fault. The document's own messages tell of all contents together. */
function numbered(issue: z.core.$ZodIssue): ValidationError {
  const error = toValidationError(issue)
  const [, list, index] = issue.path
  return list === 'contents' && typeof index === 'number' && !isDocumented(issue.message)
    ? { ...error, message: `${error.message} (content ${index + 1})` }
    : error
}
