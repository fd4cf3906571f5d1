import { randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'

import { createHealth } from '@ott/runtime'

import { makeCarryOut } from './carry-out.ts'
import { Clock } from './clock.ts'
import { createControl } from './control/control.ts'
import { Faults } from './faults.ts'
import { type Dispatcher, makeAskDispatcher } from './journey/dispatcher.ts'
import { makeFindDelivery } from './journey/find-delivery.ts'
import { type FindJourney, makeFindJourney } from './journey/journey.ts'
import { lookSoon } from './journey/look-soon.ts'
import type { CallLog, Ledger, LedgerEntry, ReceivedCall, WrittenMessage } from './ledger.ts'
import { lineFaults } from './line/faults.ts'
import { createLine } from './line/line.ts'
import { ReplyTokens } from './line/reply-tokens.ts'
import { Changes } from './live/changes.ts'
import { createStream } from './live/stream.ts'
import { makeUpdates } from './live/update.ts'
import { messengerFaults } from './messenger/faults.ts'
import { createMessenger } from './messenger/messenger.ts'
import { createPage } from './page.ts'
import { RecentLog } from './recent-log.ts'
import { DeclaredSenders } from './senders.ts'
import { mount, serve } from './serve.ts'

/** What people wrote is kept for the page, which shows no more. */
const writtenMax = 100

/** LINE's limit on a body, taken for all: https://developers.line.biz/en/reference/messaging-api/#status-codes */
const bodyMaxBytes = 2 * 1024 * 1024

export type SandboxOptions = {
  /** The machine's clock, in milliseconds since 1970: tokens and retry keys live by it. */
  readonly now?: () => number
  /** How long a reply token is good for unless its issue says. */
  readonly replyTokenLifetimeMs?: number
  /** How many accepted calls are kept; at least half as many retry keys are. */
  readonly ledgerMax?: number
  /** How many received calls are kept. */
  readonly callsMax?: number
  /** Whose messages these are: the page has commands that send by it, and with a client's credentials tells what it knows of each. */
  readonly dispatcher?: Dispatcher | undefined
  /** Told of what should not have happened; the call's connection is cut. */
  readonly onBug: (error: unknown) => void
}

/** Both networks, the control API and the page. `close` ends the pages' streams, and the waits of slow answers, cutting their connections. */
export type Sandbox = { readonly requests: RequestListener; readonly close: () => void }

export function createSandbox(options: SandboxOptions): Sandbox {
  const { replyTokenLifetimeMs = 60_000, ledgerMax = 1_000_000, callsMax = 10_000, dispatcher, onBug } = options
  const clock = new Clock(options.now ?? Date.now)
  const { now } = clock
  const stopping = new AbortController()
  const senders = new DeclaredSenders()
  const replyTokens = new ReplyTokens(now, replyTokenLifetimeMs)
  const changes = new Changes()
  const faults = new Faults({ line: lineFaults, messenger: messengerFaults }, changes.tell)
  const ledger = new RecentLog<LedgerEntry>(ledgerMax, changes.tell)
  const calls = new RecentLog<ReceivedCall>(callsMax, changes.tell)
  const written = new RecentLog<WrittenMessage>(writtenMax, changes.tell)
  const carryOut = makeCarryOut({ faults, calls, now, stopping: stopping.signal })
  const findJourney = startJourneys(dispatcher, { ledger, calls, changes, replyTokens, stopping: stopping.signal })
  const rooms = {
    line: createLine({ senders, replyTokens, ledger, carryOut, now, retryKeysMax: Math.ceil(ledgerMax / 2) }),
    messenger: createMessenger({ senders, ledger, carryOut, now }),
    sandbox: createControl({ clock, senders, replyTokens, faults, ledger, calls, written, findJourney }),
  }
  const told = { run: randomUUID(), ledger, written, calls, faults, senders, dispatcher: dispatcher?.url }
  const stream = createStream({ run: told.run, changes, makeUpdate: makeUpdates(told), stopping: stopping.signal })
  const answer = serve(mount(rooms, createPage()), bodyMaxBytes, onBug)
  const health = createHealth({})

  return {
    requests: (request, response) => {
      if (request.url?.startsWith('/health/')) health(request, response).catch(onBug)
      else if (request.method === 'GET' && /^\/sandbox\/events(\?|$)/.test(request.url ?? '')) stream(request, response)
      else answer(request, response)
    },
    close: () => stopping.abort(),
  }
}

type JourneyParts = {
  readonly ledger: Ledger
  readonly calls: CallLog
  readonly changes: Changes
  readonly replyTokens: ReplyTokens
  readonly stopping: AbortSignal
}

function startJourneys(dispatcher: Dispatcher | undefined, parts: JourneyParts): FindJourney {
  const { ledger, calls, changes, replyTokens, stopping } = parts
  const askDispatcher = makeAskDispatcher(dispatcher)
  const markOf = (replyToken: string) => replyTokens.markOf(replyToken)
  const findDelivery = makeFindDelivery({ askDispatcher, markOf })
  if (askDispatcher !== undefined) lookSoon({ ledger, changes, findDelivery, stopping })
  return makeFindJourney({ ledger, calls, findDelivery, markOf })
}
