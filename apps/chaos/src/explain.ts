import type { Happened, LedgerEntry } from './books.ts'
import type { NetworkName } from './schedule.ts'

/** A killed worker's call may still lie unread at the network, which then takes it a little after the kill. */
const killSlackMs = 1000

/**
 * Why a network took a message twice: the events in which the first acceptance can have been lost to us. Each gap between
 * two entries is explained on its own; an empty list is a gap that nothing explains.
 */
export function explainRepeats(
  entries: readonly LedgerEntry[],
  happened: readonly Happened[],
  networkTimeoutMs: number,
): readonly (readonly string[])[] {
  return entries.slice(1).map((later, gap) => {
    const earlier = entries[gap] ?? later
    return happened
      .filter((one) => loses(one, later.network))
      .filter(({ from, until = Infinity, event }) => {
        // A call that nobody waits for any longer is taken all the same when the network, or its answer, was that slow.
        const slackMs = event.kind === 'kill' ? killSlackMs : killSlackMs + 2 * networkTimeoutMs
        return from <= later.at && until >= earlier.at - slackMs
      })
      .map(({ name }) => name)
  })
}

/** Whether such an event can keep a network's acceptance from being known to us. An orderly stop never may. */
function loses({ event }: Happened, network: NetworkName): boolean {
  switch (event.kind) {
    case 'kill':
    case 'restart':
    case 'freeze':
      return event.member === 'redis' || event.member === 'sandbox' || event.member.startsWith(`worker-${network}`)
    case 'cut':
      return event.network === network && !['drop-before', 'unavailable'].includes(event.fault)
    case 'rotate':
      return false
  }
}
