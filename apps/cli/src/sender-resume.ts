import type { Command } from '@commander-js/extra-typings'

import { toAccount } from './account.ts'
import { print, printJson, styled } from './print.ts'
import { withSenders } from './registries.ts'
import { findSender, networkNames, toNetwork } from './sender-options.ts'
import { standingOf, withHolds } from './sender-standing.ts'

/** `ott sender resume`: lets a sender that is held back send again. */
export function addResume(sender: Command): void {
  sender
    .command('resume')
    .description('let a sender send again that is parked or throttled')
    .argument('<id>', 'as `ott sender list` shows it')
    .requiredOption('--account <account>', 'whose', toAccount)
    .requiredOption('--network <network>', networkNames, toNetwork)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The deliveries that wait for it are released by the workers within seconds: oldest first, as many in a second as
PARKING_RELEASE_PER_SECOND tells them. If the network still does not take the sender, it is parked again with the first one.
To register it again, with \`ott sender register\`, resumes it too.

Example:
  ott sender resume 1650000000 --account shop --network line`,
    )
    .action(async (id, { account, network, json: asJson }) => {
      const { resumed, waiting } = await withSenders(async (senders, connection) => {
        const found = await findSender(senders, { account, network, id })
        const standing = await standingOf(found, connection)
        await withHolds(connection, (holds) => holds.remove(account, network.network, id))
        return { resumed: standing.hold !== undefined, waiting: standing.waiting }
      })
      if (asJson) printJson({ account, network: network.network, id, resumed, waiting })
      else
        print(resumed ? `${styled('green', '✓')} ${id} may send again.` : `${id} was not held back.`, toNext(waiting))
    })
}

function toNext(waiting: number): string {
  if (waiting === 0) return 'No delivery waits for it.'
  return `Deliveries that wait for it: ${waiting}. The workers release them, oldest first and at a limited rate.`
}
