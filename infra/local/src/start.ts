import { bringUp } from './bring-up.ts'
import { type Death, Running } from './running.ts'
import { onStopRequest } from './signals.ts'
import { startVariables } from './start-variables.ts'
import { print, red, step } from './terminal.ts'
import { usage } from './usage.ts'
import { stayFor } from './waiting.ts'

// `npm start`: everything, against the sandbox, until Ctrl-C.

/** How long each program may take to finish what it holds. */
const patienceMs = 5000

if (process.argv.includes('--help')) print(process.argv.includes('--json') ? JSON.stringify(startVariables) : usage)
else await runAll(new Running())

async function runAll(running: Running): Promise<void> {
  const stop = Promise.withResolvers<undefined>()
  onStopRequest(
    () => stop.resolve(undefined),
    () => void running.kill().then(() => process.exit(1)),
  )
  const up = bringUp(running).then(print)
  let stopLimitMs = patienceMs
  try {
    const death = await stayFor(Promise.race([stop.promise, up.then(() => running.death)]))
    if (death !== undefined) throw new Error(tell(death))
  } catch (error) {
    console.error(`\n${red(error instanceof Error ? error.message : String(error))}`)
    process.exitCode = 1
    // What has lost its Redis, say, cannot finish what it holds: it need not be waited for.
    stopLimitMs = 1000
  }
  if (running.any) await step('\nStopping', () => stayFor(running.stop(stopLimitMs)))
  // Whatever was still coming up is not waited for.
  process.exit()
}

function tell({ name, how, tail }: Death): string {
  return `${name} has ended (${how}), so everything stops. The last it said:\n\n${tail}`
}
