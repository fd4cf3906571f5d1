import type { Callback } from '@ott/registry'

import { toBlock, toTable } from './print.ts'

/** A callback, how many events wait for it, and how many were given up and are kept. */
export type Shown = { readonly callback: Callback; readonly waiting: number; readonly failed: number }

/** A callback for programs, its times in ISO 8601; without its secret. */
export function toJson({ callback, waiting, failed }: Shown) {
  const { account, url, types, includeRequestBody, createdAt, failing, disabled } = callback
  return {
    account,
    url,
    events: types,
    includeRequestBody,
    createdDateTime: toIso(createdAt),
    enabled: disabled === undefined,
    disabled: disabled === undefined ? null : { reason: disabled.reason, dateTime: toIso(disabled.at) },
    failing: failing === undefined ? null : { message: failing.message, sinceDateTime: toIso(failing.since) },
    waiting,
    failed,
  }
}

/** A callback for people. */
export function toText(shown: Shown): string {
  const { account, url, types, includeRequestBody, createdAt } = shown.callback
  return toBlock({
    Account: account,
    URL: url,
    Events: types.join(' '),
    'Request body': includeRequestBody ? 'told, too' : 'not told',
    State: toState(shown.callback),
    Waiting: String(shown.waiting),
    'Given up': String(shown.failed),
    Created: toIso(createdAt),
  })
}

/** Callbacks for people, one in a line. */
export function toList(all: readonly Shown[]): string {
  const rows = all.map(({ callback, waiting, failed }) => [
    callback.account,
    String(waiting),
    String(failed),
    toState(callback),
    callback.url,
  ])
  return toTable(['ACCOUNT', 'WAITING', 'GIVEN UP', 'STATE', 'URL'], rows)
}

const why = {
  operator: 'by an operator',
  gone: 'since it answered 410',
  failing: 'since it failed for days',
  backlog: 'since too many events waited',
} as const

function toState({ disabled, failing }: Callback): string {
  if (disabled !== undefined) return `disabled ${why[disabled.reason]}, ${toIso(disabled.at)}`
  return failing === undefined ? 'well' : `failing since ${toIso(failing.since)} (${failing.message})`
}

function toIso(at: number): string {
  return new Date(at).toISOString()
}
