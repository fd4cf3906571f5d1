import { randomInt } from 'node:crypto'

import { Command, InvalidArgumentError } from '@commander-js/extra-typings'

/** What a run is asked for. */
export type RunOptions = {
  readonly minutes: number
  readonly seed: number
  readonly kills: number
  readonly rate: number
  readonly atMostOnce: number
  readonly lockMs: number
  readonly networkTimeoutMs: number
  readonly settleSeconds: number
  readonly json: string | undefined
  readonly verbose: boolean
}

const killsPerMinute = 15

const command = new Command('npm run chaos --')
  .description(
    `Kills, freezes, cuts and redeploys a whole fleet under load, then holds three books against each other: the
producer's, our status, and the networks'. Ends with exit code 1 when something was lost, doubled or stuck.`,
  )
  .option('--minutes <number>', 'how long the load lasts', above(0), 3)
  .option('--seed <number>', 'lets the same happen again; by chance unless given', whole)
  .option(
    '--kills <number>',
    `at least so many kill -9, spread over the run (default: ${killsPerMinute} a minute)`,
    whole,
  )
  .option('--rate <number>', 'messages a second', above(0), 250)
  .option('--at-most-once <share>', "which share of Messenger's messages goes by at most once", share, 0.3)
  .option('--lock-ms <number>', 'how long a delivery stays with a worker that is silent', whole, 4000)
  .option('--network-timeout-ms <number>', 'how long a worker waits for a network', whole, 2000)
  .option('--settle <seconds>', 'how long after the load everything must be settled', whole, 240)
  .option('--json <file>', 'writes the report there too')
  .option('--verbose', 'prints each event', false)
  .addHelpText(
    'after',
    `
The fleet has a Redis of its own (as infra/redis.conf has it), 2 ingress, 2 workers for each network, and the sandbox
as both networks. Nothing of it stays; after a failure the logs do, in a folder that is named.
The same seed means the same events at the same times and the same messages; what a processor makes of it is chance.

Examples:
  npm run chaos
  npm run chaos -- --minutes 4 --kills 110 --rate 250
  npm run chaos -- --seed 42 --lock-ms 20000 --minutes 10 --json chaos.json`,
  )

/** Reads the command line. Ends the program when it cannot be read, or asks for help. */
export function readOptions(args: readonly string[]): RunOptions {
  const { seed, kills, settle, json, ...given } = command.parse(args, { from: 'user' }).opts()
  return {
    ...given,
    seed: seed ?? randomInt(1, 2 ** 31),
    kills: kills ?? Math.ceil(given.minutes * killsPerMinute),
    settleSeconds: settle,
    json,
  }
}

/** The command line that lets the same happen again. */
export function toCommand(options: RunOptions): string {
  const { minutes, seed, kills, rate, atMostOnce, lockMs, networkTimeoutMs, settleSeconds } = options
  return (
    `npm run chaos -- --minutes ${minutes} --seed ${seed} --kills ${kills} --rate ${rate} --at-most-once ${atMostOnce}` +
    ` --lock-ms ${lockMs} --network-timeout-ms ${networkTimeoutMs} --settle ${settleSeconds}`
  )
}

function whole(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

function above(limit: number): (text: string) => number {
  return (text) => {
    if (Number(text) > limit) return Number(text)
    throw new InvalidArgumentError(`It must be a number above ${limit}.`)
  }
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('It must be a number from 0 to 1.')
}
