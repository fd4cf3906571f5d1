import { setFlagsFromString } from 'node:v8'

import type { z } from 'zod'

import { BadEnvironment, readEnvironment } from './environment.ts'
import { createLogger, type Logger } from './logger.ts'
import { loadTracing, type Tracing, type TracingSettings } from './tracing.ts'
import { describeVariables, helpOf } from './variables.ts'

/** How long a program may take to stop before it is ended: an orchestrator's usual grace is 30 s, and ours stays inside it. */
const stopLimitMs = 25_000

// Left to itself V8 collects what was in use for long only when it has become several times what is in use, on a large machine: a
// worker under load then holds twice the memory, to save some percent of its CPU.
setFlagsFromString('--heap-growing-percent=40')

// Under load V8 sees objects of a request outlive a collection of what is new, takes them for lasting ones, and makes all later ones
// of their kind among what is old, where they and all they hold stay until everything is collected: a tenth of an ingress's CPU.
setFlagsFromString('--no-allocation-site-pretenuring')

/** What can go wrong while starting that its message explains in full, so that a stack would only bury it. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure'
}

/** Stops one thing that was started. */
type Stop = () => Promise<unknown> | void

/** A program being started: `onStop` adds a thing to stop, and they are stopped in the reverse of that order. */
export type Program<Environment> = {
  readonly environment: Environment
  readonly logger: Logger
  readonly onStop: (stop: Stop) => void
  /** There where it is switched on, in a program whose environment has `TracingEnvironment`. Closed by whoever runs the program. */
  readonly tracing?: Tracing | undefined
}

/**
 * Runs a program's `main`: reads its environment, starts it, and stops it on SIGTERM or SIGINT. A start that fails stops
 * what had been started, prints why, and ends with exit code 1. With `--help` it only prints what it reads.
 */
export async function runProgram<Schema extends z.ZodType<{ LOG_LEVEL: string } & TracingSettings>>(
  name: string,
  schema: Schema,
  start: (program: Program<z.output<Schema>>) => Promise<void>,
): Promise<void> {
  const stops: Stop[] = []
  try {
    if (process.argv.includes('--help')) return printHelp(name, schema)
    const environment = readEnvironment(schema)
    const openTelemetry = await loadTracing(environment)
    const logger = createLogger(name, environment.LOG_LEVEL, undefined, openTelemetry?.traceFields)
    const tracing = openTelemetry?.startTracing(`ott-${name}`, logger)
    stops.push(() => tracing?.close())
    const stopped = untilSignal(logger)
    await start({ environment, logger, onStop: (stop) => void stops.push(stop), tracing })
    logger.info('program.started')
    void stopWhen(stopped, stops, logger, tracing)
  } catch (error) {
    console.error(explain(name, error))
    process.exitCode = 1
    await stopAll(stops, console.error)
  }
}

/** For people, or with `--json` for what makes the documents. */
function printHelp(name: string, schema: z.ZodType): void {
  const variables = describeVariables(schema)
  process.stdout.write(process.argv.includes('--json') ? JSON.stringify(variables) : helpOf(name, variables))
}

function untilSignal(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      logger.info({ signal }, 'program.stopping')
      setTimeout(() => {
        logger.error({ limitMs: stopLimitMs }, 'program.stop-overdue')
        process.exit(1)
      }, stopLimitMs).unref()
      resolve()
    }
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  })
}

async function stopWhen(
  stopped: Promise<void>,
  stops: readonly Stop[],
  logger: Logger,
  tracing: Tracing | undefined,
): Promise<void> {
  await stopped
  await stopAll(stops, (error) => logger.error({ err: error }, 'program.stop-failed'))
  logger.info('program.stopped')
  // What OpenTelemetry goes on trying to send, to a collector that is away, would hold the program for ten seconds more.
  if (tracing !== undefined) process.exit()
}

/** What fails to stop keeps nothing else from being stopped. */
async function stopAll(stops: readonly Stop[], onFailure: (error: unknown) => void): Promise<void> {
  for (const stop of stops.toReversed()) {
    try {
      await stop()
    } catch (error) {
      process.exitCode = 1
      onFailure(error)
    }
  }
}

function explain(name: string, error: unknown): string {
  if (error instanceof BadEnvironment || error instanceof StartFailure) return `${name}: ${error.message}`
  return `${name}: could not start.\n${error instanceof Error ? error.stack : String(error)}`
}
