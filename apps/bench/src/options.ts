import { Command, InvalidArgumentError } from '@commander-js/extra-typings'

import { scenarios } from './scenarios/index.ts'

/** What a run is asked for. */
export type RunOptions = {
  readonly quick: boolean
  readonly only: readonly string[]
  readonly rounds: number | undefined
  readonly messages: number | undefined
  readonly soakMinutes: number | undefined
  readonly concurrency: number
  readonly json: string | undefined
  readonly chart: string | undefined
  readonly profile: string | undefined
}

/** What a worker of LINE has in hand at a time. */
const usualConcurrency = 300

const usualChart = 'docs/benchmarks/cpu-per-message.svg'
const names = scenarios.map(({ name }) => name)
const long = scenarios.flatMap(({ name, isLong }) => (isLong ? [name] : []))

const command = new Command('npm run bench --')
  .description(
    `Measures this project against the stack that one writes in an afternoon (apps/bench/src/baseline), the two in turn on
the same machine, each with a Redis of its own as infra/redis.conf has it.`,
  )
  .option('--quick', `within two minutes, less exactly, and without ${long.join(', ')}`, false)
  .option('--only <scenario...>', `one or several of: ${names.join(', ')}`, collect)
  .option('--rounds <number>', 'how often each of the two is measured', whole)
  .option('--messages <number>', 'messages of each round', whole)
  .option('--soak-minutes <number>', 'how long the load lasts under which resident memory is taken', whole)
  .option('--concurrency <number>', 'how many messages each worker has in hand, of both', whole, usualConcurrency)
  .option('--json <file>', 'writes all figures there')
  .option('--chart <file>', `draws the CPU per message there (by default ${usualChart}, unless --quick)`)
  .option(
    '--profile <folder>',
    'has our ingress and worker write CPU profiles there; their figures then count for nothing',
  )
  .addHelpText(
    'after',
    `
Latency is mostly the disk's: Redis has each message on it before it says so (appendfsync always), and
what that takes is told beside it. TMPDIR=/dev/shm keeps Redis's files in memory and takes the disk out.
CPU time is what the kernel counts for each process. On a busy machine it rises for both alike: compare ratios. Throughput
and latency are worth something on an idle machine only. Load generator and network double share its cores; their CPU time
is not counted.
Nothing that is started stays. Linux only.

Examples:
  npm run bench -- --quick
  npm run bench -- --only accept deliver --rounds 3
  npm run bench -- --only resident --soak-minutes 10
  npm run bench -- --json bench.json`,
  )

/** Reads the command line. Ends the program when it cannot be read, or asks for help. */
export function readOptions(args: readonly string[]): RunOptions {
  const {
    only: asked,
    rounds,
    messages,
    soakMinutes,
    json,
    profile,
    ...given
  } = command.parse(args, { from: 'user' }).opts()
  const only = asked ?? (given.quick ? names.filter((name) => !long.includes(name)) : names)
  const chart = given.chart ?? (given.quick ? undefined : usualChart)
  return { ...given, only, rounds, messages, soakMinutes, json, profile, chart }
}

function collect(name: string, earlier: readonly string[] = []): readonly string[] {
  if (names.includes(name)) return [...earlier, name]
  throw new InvalidArgumentError(`There is: ${names.join(', ')}.`)
}

function whole(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number above 0.')
}
