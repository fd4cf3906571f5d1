import { basename, join } from 'node:path'

import { type Child, startChild } from './child.ts'
import { repository } from './repository.ts'
import { testFolder } from './test-folder.ts'

/** What turbo and pnpm put around what the tests print themselves. */
const noise =
  /^(> |cache (miss|hit)|Ran all test suites|Snapshots: |\s*ELIFECYCLE|command .* exited|\s*ERROR\s+run failed|$)/

/**
 * Jest on native ES modules (https://jestjs.io/docs/ecmascript-modules). It reads all modules again for each file, which with more
 * room for what is new takes a tenth less.
 */
export const jestOnModules = {
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning --max-semi-space-size=32',
}

/** How Jest takes its leave. */
const farewell = 'Test results written to:'

/** A room whose tests have ended, with what they printed; `cached` when that was in an earlier run of the same code. */
export type RoomRun = { readonly room: string; readonly output: readonly string[]; readonly cached: boolean }

export type TestRunListener = {
  readonly onRoom: (run: RoomRun) => void
  /** Hears what else there is to complain about: turbo's own errors, and what a room prints after its end. */
  readonly onComplaint: (line: string) => void
}

/**
 * Runs rooms' tests with turbo, some more of them at a time than there are processors, since tests wait a quarter of their time. What
 * did not change since it last passed is not run again.
 */
export async function startTestRun(rooms: readonly string[], listener: TestRunListener): Promise<Child> {
  const filters = rooms.map((room) => `--filter=./${room}`)
  const reader = readTurbo(rooms, listener)
  const child = await startChild({
    command: join(repository, 'node_modules/.bin/turbo'),
    args: ['run', 'test', ...filters, '--continue=always', '--concurrency=150%', '--json', `--cwd=${repository}`],
    env: {
      ...process.env,
      ...jestOnModules,
      TMPDIR: await testFolder(),
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
    },
    onLine: reader.read,
  })
  return { ...child, ended: child.ended.finally(reader.end) }
}

/** Tells rooms' ends from the lines of turbo's `--json`, in which those of all rooms are mingled. */
export function readTurbo(rooms: readonly string[], { onRoom, onComplaint }: TestRunListener) {
  const underWay = new Map<string, string[]>(rooms.map((room) => [room, []]))
  const end = (room: string): void => {
    const lines = underWay.get(room)
    if (lines === undefined) return
    underWay.delete(room)
    const cached = lines[0]?.startsWith('cache hit') ?? false
    onRoom({ room, cached, output: lines.filter((line) => !noise.test(line)) })
  }
  const read = (line: string): void => {
    const { source, level, text } = parseLine(line)
    const room = rooms.find((name) => source === `@ott/${basename(name)}#test`)
    const lines = room === undefined ? undefined : underWay.get(room)
    if (room !== undefined && text.startsWith(farewell)) end(room)
    else if (lines !== undefined) lines.push(text)
    else if ((level === 'error' || room !== undefined) && !noise.test(text)) onComplaint(`${room ?? 'turbo'}: ${text}`)
  }
  return {
    read,
    end: (): void => {
      for (const room of underWay.keys()) end(room)
    },
  }
}

/** A line of turbo's `--json`; what is none comes from turbo as well. */
function parseLine(line: string): { readonly source: string; readonly level: string; readonly text: string } {
  try {
    return JSON.parse(line)
  } catch {
    return { source: 'turbo', level: 'error', text: line }
  }
}
