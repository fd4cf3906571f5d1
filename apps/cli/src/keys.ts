import { randomBytes } from 'node:crypto'

import type { Command } from '@commander-js/extra-typings'
import { networks } from '@ott/networks'

import { print, printJson } from './print.ts'
import { withCallbacks, withSenders } from './registries.ts'
import { whileWaiting } from './waiting.ts'

const keyBytes = 32

/** `ott keys …`: what senders' secrets are sealed with. */
export function addKeysCommands(ott: Command): void {
  const keys = ott.command('keys').description("the keys that senders' and callbacks' secrets are sealed with")
  addRotate(keys)
  addGenerate(keys)
}

function addRotate(keys: Command): void {
  keys
    .command('rotate')
    .description('seal every secret anew with the first key of CREDENTIALS_KEY')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
To change the key:
  1. Make one with \`ott keys generate\`.
  2. Put it last, behind the present one and a comma, in the CREDENTIALS_KEY of every program, and restart them.
  3. When all know it, move it first everywhere, and restart them.
  4. Run \`ott keys rotate\` with the same CREDENTIALS_KEY.
  5. Take the old key out everywhere, and restart.`,
    )
    .action(async ({ json: asJson }) => {
      const counts: Record<string, { rotated: number; all: number }> = {}
      const note = (kind: string, title: string, { rotated, all }: { rotated: number; all: number }): void => {
        counts[kind] = { rotated, all }
        if (!asJson) print(`${title}: ${rotated} of ${all} sealed anew, the others already were.`)
      }
      await withSenders(async (senders) => {
        for (const [network, { title }] of Object.entries(networks))
          note(network, title, await whileWaiting(`Sealing ${title}'s`, senders.rotateKeys(network)))
      }, 'waiting')
      await withCallbacks(async (callbacks) => note('callbacks', 'Callbacks', await callbacks.rotateKeys()), 'waiting')
      if (asJson) printJson(counts)
      else print('All are sealed with the first key: the others can be taken out of CREDENTIALS_KEY.')
    })
}

function addGenerate(keys: Command): void {
  keys
    .command('generate')
    .description('print a new key: 32 random bytes in base64')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  export CREDENTIALS_KEY="$(ott keys generate)"')
    .action(({ json: asJson }) => {
      const key = randomBytes(keyBytes).toString('base64')
      if (asJson) printJson({ key })
      else print(key)
    })
}
