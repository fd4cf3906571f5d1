import { ensureChromium } from './chromium.ts'
import { ensureRedisServer } from './redis-program.ts'
import { onStopRequest } from './signals.ts'
import { faint, green, print, red, since } from './terminal.ts'
import { inWords, readResults, sumResults, type TestResults } from './test-results.ts'
import { chooseRooms, forgetResults, roomsWithTests } from './test-rooms.ts'
import { type RoomRun, startTestRun } from './test-run.ts'
import { stayFor } from './waiting.ts'

// `npm test`, or `npm test -- queue` for one room. Its last line is the sum: `123 passed, 0 failed`.

/** A room whose tests left something open does not end by itself; Jest says so after three seconds. */
const lingerMs = 20_000

try {
  await test(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function test(asked: readonly string[]): Promise<void> {
  const startedAt = performance.now()
  const rooms = chooseRooms(await roomsWithTests(), asked)
  if ((process.env['REDIS_URL'] ?? '') === '') await ensureRedisServer(print)
  await ensureChromium(print)
  await forgetResults(rooms)
  print(`Testing ${rooms.length === 1 ? rooms.join() : `${rooms.length} rooms`}`)
  let interrupted = false
  let underWay = rooms.length
  const run = await startTestRun(rooms, {
    onRoom: (room) => {
      if (!interrupted) report(room)
      underWay -= 1
      if (underWay === 0) setTimeout(() => void run.stop(), lingerMs).unref()
    },
    onComplaint: (line) => interrupted || console.error(line),
  })
  const interrupt = (): void => {
    interrupted = true
    void run.stop()
  }
  onStopRequest(interrupt, () => void run.kill())
  const how = await stayFor(run.ended)
  if (interrupted) {
    print('Interrupted')
    process.exitCode = 130
  } else conclude(how, rooms.map(readResults), since(startedAt))
}

/** One line for a room that passed; for one that did not, all it printed. */
function report({ room, output, cached }: RoomRun): void {
  const results = readResults(room)
  const passed = results.failures.length === 0
  const mark = passed ? green('✓') : red('✗')
  print(`${mark} ${room.padEnd(20)} ${inWords(results)}${cached ? faint('  unchanged since it last passed') : ''}`)
  if (!passed) print(`\n${output.map((line) => `    ${line}`).join('\n')}\n`)
}

function conclude(how: string, results: readonly TestResults[], duration: string): void {
  const sum = sumResults(results)
  const good = how === 'exit code 0' && sum.failures.length === 0 && sum.passed > 0
  if (sum.failures.length > 0) print(`\nFailed:\n${sum.failures.map((name) => `  ${red('✗')} ${name}`).join('\n')}`)
  else if (!good) print(red(sum.passed === 0 ? 'No test ran.' : `turbo ended in error (${how}).`))
  print(`\n${faint(`In ${duration}`)}\n${inWords(sum)}`)
  if (!good) process.exitCode = 1
}
