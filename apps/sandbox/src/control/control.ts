import { z } from 'zod'

import type { Answer, Call, Handler } from '../call.ts'
import type { Clock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import type { FindJourney } from '../journey/journey.ts'
import type { CallLog, Ledger, ReceivedCall, WrittenLog, WrittenMessage } from '../ledger.ts'
import type { ReplyTokens } from '../line/reply-tokens.ts'
import type { RecentLog } from '../recent-log.ts'
import type { DeclaredSenders } from '../senders.ts'
import {
  ClockRequest,
  FaultRequest,
  JourneyQuery,
  LogQuery,
  ReplyTokenRequest,
  SenderRequest,
  WriteRequest,
} from './requests.ts'

export type ControlParts = {
  readonly clock: Clock
  readonly senders: DeclaredSenders
  readonly replyTokens: ReplyTokens
  readonly faults: Faults
  readonly ledger: Ledger
  readonly calls: CallLog
  readonly written: WrittenLog
  readonly findJourney: FindJourney
}

type Routes = ReadonlyMap<string, (call: Call) => Answer>

/** The sandbox's own API, for those who test against it. The room's README has examples. */
export function createControl(parts: ControlParts): Handler {
  const routes = makeRoutes(parts)

  return (call) => {
    const fault = /^\/faults\/([^/]+)$/.exec(call.path)?.[1]
    if (fault !== undefined && call.method === 'DELETE')
      return parts.faults.remove(fault) ? { status: 204 } : refusal(404, `There is no fault ${fault}`)
    const sequence = /^\/journeys\/(\d{1,15})$/.exec(call.path)?.[1]
    try {
      if (sequence !== undefined && call.method === 'GET') {
        const { delivery } = JourneyQuery.parse(Object.fromEntries(call.query))
        return tellJourney(parts.findJourney, Number(sequence), delivery)
      }
      return routes.get(`${call.method} ${call.path}`)?.(call) ?? noSuchCall(call, routes)
    } catch (error) {
      if (error instanceof z.ZodError) return badRequest(error)
      throw error
    }
  }
}

function makeRoutes(parts: ControlParts): Routes {
  const { clock, senders, replyTokens, faults, ledger, calls } = parts
  return new Map<string, (call: Call) => Answer>([
    ['POST /line/reply-tokens', (call) => created(issueReplyToken(replyTokens, ReplyTokenRequest.parse(json(call))))],
    ['POST /written', (call) => created(write(parts, WriteRequest.parse(json(call))))],
    ['POST /clock', (call) => created(advance(clock, ClockRequest.parse(json(call))))],
    ['POST /senders', (call) => created(declare(senders, SenderRequest.parse(json(call))))],
    ['POST /faults', (call) => created(faults.add(FaultRequest.parse(json(call))))],
    ['GET /faults', () => ({ status: 200, body: { faults: faults.list() } })],
    ['DELETE /faults', () => cleared(faults)],
    ['GET /ledger', (call) => ({ status: 200, body: read('entries', ledger, call) })],
    ['DELETE /ledger', () => cleared(ledger)],
    ['DELETE /written', () => cleared(parts.written)],
    ['GET /calls', (call) => ({ status: 200, body: read('calls', calls, call) })],
    ['DELETE /calls', () => cleared(calls)],
  ])
}

function issueReplyToken(tokens: ReplyTokens, { userId, lifetimeSeconds }: z.infer<typeof ReplyTokenRequest>) {
  return tokens.issue(userId, lifetimeSeconds === undefined ? undefined : lifetimeSeconds * 1000)
}

/** As the person: at LINE it brings a reply token. */
function write({ clock, replyTokens, written }: ControlParts, message: z.infer<typeof WriteRequest>): WrittenMessage {
  const token = message.network === 'line' ? replyTokens.issue(message.person) : undefined
  const made = { ...message, ...token, mark: token && replyTokens.markOf(token.replyToken), at: clock.now() }
  written.add(made)
  return made
}

async function tellJourney(findJourney: FindJourney, sequence: number, named?: string): Promise<Answer> {
  const journey = await findJourney(sequence, named)
  return journey === undefined
    ? refusal(404, `The ledger has no entry ${sequence}: it was emptied, or newer ones have taken its place.`)
    : { status: 200, body: journey }
}

function advance(clock: Clock, { advanceSeconds }: z.infer<typeof ClockRequest>) {
  clock.advance(advanceSeconds * 1000)
  return { now: clock.now() }
}

/** Answers who is known now, without the secrets. */
function declare(senders: DeclaredSenders, sender: z.infer<typeof SenderRequest>) {
  if (sender.network === 'messenger') {
    senders.declarePage(sender)
    return { network: sender.network, pageId: sender.pageId }
  }
  senders.declareChannel(sender.channelId, sender.channelSecret)
  return { network: sender.network, channelId: sender.channelId }
}

/** `oldest` and `newest` number the whole log, so that a reader sees when it was emptied or the program started anew. */
function read(name: string, log: RecentLog<Pick<ReceivedCall, 'network' | 'sender' | 'recipient'>>, { query }: Call) {
  const { after, limit, network, recipient, sender } = LogQuery.parse(Object.fromEntries(query))
  const found = log.read({
    after,
    limit,
    matches: (item) =>
      (network === undefined || item.network === network) &&
      (recipient === undefined || item.recipient === recipient) &&
      (sender === undefined || item.sender === sender),
  })
  return { [name]: found, oldest: log.oldest, newest: log.newest }
}

/** Throws a ZodError for what is not JSON, like the schemas do for what JSON holds. */
function json({ body }: Call): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    throw new z.ZodError([{ code: 'custom', path: [], message: 'the body must be JSON', input: body }])
  }
}

function cleared(things: { readonly clear: () => void }): Answer {
  things.clear()
  return { status: 204 }
}

function created(body: object): Answer {
  return { status: 201, body }
}

function refusal(status: number, message: string): Answer {
  return { status, body: { message } }
}

function badRequest({ issues }: z.ZodError): Answer {
  const problems = issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
  return { status: 400, body: { message: 'The sandbox does not understand this request.', problems } }
}

function noSuchCall({ path }: Call, routes: Routes): Answer {
  const known = [...routes.keys()].filter((route) => route.endsWith(` ${path}`))
  if (known.length === 0) return refusal(404, 'The sandbox has no such control call: see apps/sandbox/README.md.')
  const allow = known.map((route) => route.split(' ')[0]).join(', ')
  return { ...refusal(405, `Here are only ${allow}.`), headers: { allow } }
}
