import { randomUUID } from 'node:crypto'

import type { Outcome } from './call.ts'
import type { NetworkName, ReceivedCall } from './ledger.ts'

/** What a call meets: whether it is carried out at all, ledger included, and what the caller gets to see of it. */
export type Effect = {
  readonly accepts: boolean
  readonly outcome: Outcome | 'usual'
  /** The fault's delay comes before the call is carried out, unless it is the answer alone that comes late. */
  readonly late?: 'answer'
}

/** What a fault may be told beside its name. */
export type FaultDetails = {
  readonly delayMs?: number | undefined
  readonly regainAccessMinutes?: number | undefined
  readonly code?: number | undefined
  readonly subcode?: number | undefined
  readonly status?: number | undefined
  readonly message?: string | undefined
  readonly isTransient?: boolean | undefined
}

/** One way to fail. `on` are the operations it strikes unless the fault names another. */
export type FaultKind = {
  readonly on: readonly string[]
  readonly effect: (details: FaultDetails, sender: string) => Effect
}

export type FaultTable = Readonly<Record<string, FaultKind>>

/** A fault to be met by the next `times` calls that fit; 0 for all until it is removed. */
export type Fault = FaultDetails & {
  readonly network: NetworkName
  readonly fault: string
  readonly recipient?: string | undefined
  readonly sender?: string | undefined
  readonly operation?: string | undefined
  readonly times: number
}

/** `met` counts the calls that have met it so far. */
export type PlannedFault = Fault & { readonly id: string; readonly met: number }

const html = { 'content-type': 'text/html' }

/** The ways to fail that every network shares, for the operations given. */
export function connectionFaults(on: readonly string[]): FaultTable {
  const unavailable = '<html><head><title>503 Service Temporarily Unavailable</title></head><body>503</body></html>'
  return {
    slow: { on, effect: () => ({ accepts: true, outcome: 'usual' }) },
    'slow-answer': { on, effect: () => ({ accepts: true, outcome: 'usual', late: 'answer' }) },
    'drop-before': { on, effect: () => ({ accepts: false, outcome: 'cut' }) },
    'drop-after': { on, effect: () => ({ accepts: true, outcome: 'cut' }) },
    // A proxy between us and the network spoils the answer: the network has accepted.
    garbage: { on, effect: () => ({ accepts: true, outcome: { status: 200, headers: html, body: '<p>Sent!' } }) },
    unavailable: { on, effect: () => ({ accepts: false, outcome: { status: 503, headers: html, body: unavailable } }) },
  }
}

type Target = Pick<ReceivedCall, 'network' | 'operation' | 'sender' | 'recipient'>
type Entry = { planned: PlannedFault; readonly kind: FaultKind }

/** The faults planned over the control API, in the order they were planned. */
export class Faults {
  readonly #tables: Readonly<Record<NetworkName, FaultTable>>
  readonly #entries = new Map<string, Entry>()
  readonly #changed: () => void

  /** `changed` is called after each change, and after each call that met one. */
  constructor(tables: Readonly<Record<NetworkName, FaultTable>>, changed: () => void) {
    this.#tables = tables
    this.#changed = changed
  }

  /** Throws a RangeError when the network has no such fault. */
  add(fault: Fault): PlannedFault {
    const kind = this.#tables[fault.network][fault.fault]
    if (kind === undefined) throw new RangeError(`${fault.network} has no fault ${fault.fault}`)
    const planned = { ...fault, id: randomUUID(), met: 0 }
    this.#entries.set(planned.id, { planned, kind })
    this.#changed()
    return planned
  }

  list(): PlannedFault[] {
    return Array.from(this.#entries.values(), ({ planned }) => planned)
  }

  /** Returns whether there was one. */
  remove(id: string): boolean {
    const removed = this.#entries.delete(id)
    this.#changed()
    return removed
  }

  clear(): void {
    this.#entries.clear()
    this.#changed()
  }

  /** The oldest fault that fits the call, and what it does. Meeting it uses up one of its times. */
  meet(target: Target): { fault: PlannedFault; effect: Effect } | undefined {
    for (const entry of this.#entries.values()) {
      const { planned: fault, kind } = entry
      if (!fits(fault, kind, target)) continue
      entry.planned = { ...fault, met: fault.met + 1 }
      if (entry.planned.met === fault.times) this.#entries.delete(fault.id)
      this.#changed()
      return { fault, effect: kind.effect(fault, target.sender ?? '') }
    }
    return undefined
  }
}

function fits(fault: Fault, kind: FaultKind, target: Target): boolean {
  const operations = fault.operation === undefined ? kind.on : [fault.operation]
  return (
    fault.network === target.network &&
    operations.includes(target.operation) &&
    (fault.recipient === undefined || fault.recipient === target.recipient) &&
    (fault.sender === undefined || fault.sender === target.sender)
  )
}
