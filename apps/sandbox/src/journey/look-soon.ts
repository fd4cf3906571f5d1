import { setTimeout as delay } from 'node:timers/promises'

import type { Ledger, LedgerEntry } from '../ledger.ts'
import type { Changes } from '../live/changes.ts'
import type { Numbered } from '../recent-log.ts'
import { type FindDelivery, idOf } from './find-delivery.ts'

/** A delivery is told as sent soon after its network has answered. */
const waitsMs = [100, 200, 400, 800, 1600, 3200]

/** Of a flood nobody is going to open each. */
const underWayMax = 10

export type LookSoonParts = {
  readonly ledger: Ledger
  readonly changes: Changes
  readonly findDelivery: FindDelivery
  readonly stopping: AbortSignal
}

/**
 * Finds the delivery of each new entry that does not name it, as soon as it is told as sent: it is known whenever the journey is opened,
 * though its message key may be another's by then.
 */
export function lookSoon({ ledger, changes, findDelivery, stopping }: LookSoonParts): void {
  let seen = ledger.newest
  let underWay = 0

  async function look(entry: Numbered<LedgerEntry>): Promise<void> {
    for (const wait of waitsMs) {
      await delay(wait, undefined, { signal: stopping, ref: false })
      if (!('unknown' in (await findDelivery(entry)))) return
    }
  }

  changes.watch(() => {
    if (ledger.newest === seen) return
    seen = ledger.newest
    const entry = ledger.find(seen)
    if (entry === undefined || idOf(entry) !== undefined || underWay >= underWayMax) return
    underWay += 1
    // The wait alone rejects, when the program stops.
    void look(entry)
      .catch(() => undefined)
      .finally(() => (underWay -= 1))
  })
}
