import { randomUUID } from 'node:crypto'

import type { z } from 'zod'

import type { Answer, Call, Handler } from '../call.ts'
import type { CarryOut } from '../carry-out.ts'
import type { Ledger, Mark } from '../ledger.ts'
import type { DeclaredSenders } from '../senders.ts'
import { checkAccess, noSuchObject } from './access.ts'
import { Attachments } from './attachments.ts'
import { badParameter, graphError } from './graph-error.ts'
import { markOf } from './mark.ts'
import { makeTellOwner, ownerAskedFor } from './owner.ts'
import { wording } from './rules.ts'
import { addressesOf, SenderAction, SendRequest } from './send-rules.ts'

export type MessengerParts = {
  readonly senders: DeclaredSenders
  readonly ledger: Ledger
  readonly carryOut: CarryOut
  readonly now: () => number
}

/** Messenger's Send API: https://developers.facebook.com/docs/messenger-platform/reference/send-api */
export function createMessenger({ senders, ledger, carryOut, now }: MessengerParts): Handler {
  const send = makeSend(ledger, now)
  const tellOwner = makeTellOwner(senders, carryOut)

  function act(sender: string, body: unknown, mark: Mark | undefined): Answer {
    if (typeof body === 'object' && body !== null && 'sender_action' in body) {
      const action = SenderAction.safeParse(body, { error: wording })
      return action.success ? { status: 200, body: { recipient_id: action.data.recipient.id } } : refusal(action.error)
    }
    const request = SendRequest.safeParse(body, { error: wording })
    return request.success ? send(sender, request.data, mark) : refusal(request.error)
  }

  return (call) => {
    const owner = ownerAskedFor(call)
    if (owner !== undefined) return tellOwner(owner, call)
    const page = /^\/v\d+\.\d+\/([^/]+)\/messages$/.exec(call.path)?.[1]
    if (page === undefined || call.method !== 'POST')
      return carryOut({ network: 'messenger', operation: 'unknown' }, () => noSuchCall(page, call))
    const body = readJson(call)
    const { sender, refused } = checkAccess(page, call, body, senders)
    const facts = { sender, recipient: recipientOf(body), mark: markOf(body) }
    return carryOut(
      { network: 'messenger', operation: 'send', ...facts },
      () => refused ?? act(sender, body, facts.mark),
    )
  }
}

/** Takes a send into the ledger. */
function makeSend(ledger: Ledger, now: () => number) {
  const attachments = new Attachments(now)

  return (sender: string, request: SendRequest, mark: Mark | undefined): Answer => {
    const { recipient, message, messaging_type: messagingType, tag, notification_type: notificationType } = request
    const refused = attachments.refusal(sender, message)
    if (refused !== undefined) return refused
    const messageId = `m_${randomUUID().replaceAll('-', '')}`
    ledger.add({
      network: 'messenger',
      sender,
      recipient: addressesOf(recipient)[0] ?? '',
      via: 'send',
      messages: [message],
      messageIds: [messageId],
      mark,
      messagingType,
      tag: tag ?? undefined,
      notificationType: notificationType ?? undefined,
      at: now(),
    })
    // Whom a reference stands for Messenger does not tell.
    const answer = { recipient_id: recipient.id ?? undefined, message_id: messageId }
    return { status: 200, body: { ...answer, attachment_id: attachments.keep(sender, message) } }
  }
}

function noSuchCall(page: string | undefined, { path, method }: Call): Answer {
  return page === undefined
    ? graphError({ message: `Unknown path components: ${path}`, code: 2500 })
    : noSuchObject(page, method)
}

/** Graph tells one problem at a time. */
function refusal({ issues: [issue] }: z.ZodError): Answer {
  const subcode: unknown = issue?.code === 'custom' ? issue.params?.['subcode'] : undefined
  return badParameter(issue?.message ?? 'Invalid parameter', typeof subcode === 'number' ? subcode : undefined)
}

/** A body that is not JSON has no parameters, and Graph names the first one it lacks. */
function readJson({ headers, body = '' }: Call): unknown {
  if (!headers['content-type']?.startsWith('application/json')) return {}
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

function recipientOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'recipient' in body ? addressesOf(body.recipient)[0] : undefined
}
