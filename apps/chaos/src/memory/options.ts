import { Command, InvalidArgumentError } from '@commander-js/extra-typings'

/** What a memory run is asked for. */
export type MemoryOptions = { readonly deliveries: number; readonly retain: number }

/** Reads the command line; prints why and ends when it is not in order. */
export function readMemoryOptions(args: readonly string[]): MemoryOptions {
  return new Command('npm run memory --')
    .description('Sends many deliveries through a fleet of its own, and tells what they leave in Redis, and why.')
    .option('--deliveries <number>', 'how many to send', count, 1_000_000)
    .option('--retain <number>', 'RETAIN_SENT_COUNT: finished deliveries kept for each network', count, 50_000)
    .showHelpAfterError('Add --help to see what it takes.')
    .parse(args, { from: 'user' })
    .opts()
}

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.')
  return Number(text)
}
