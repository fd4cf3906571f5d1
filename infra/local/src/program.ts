import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { type Child, startChild } from './child.ts'
import { freePort } from './ports.ts'
import { repository } from './repository.ts'

/** A start includes up to ten seconds' wait for Redis. */
const readyLimitMs = 20_000

/** What a Node process is started with. */
export type NodeManner = {
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/**
 * How our programs run, so that one holds less than 160 MB under load. The space for what is new is in megabytes: V8 lets it grow to
 * twice that otherwise, which a busy program then holds thrice (docs/decisions/0039). One arena is enough for the C library: it
 * gives each of Node's threads one of its own otherwise, and gives little back
 * (https://man7.org/linux/man-pages/man3/mallopt.3.html, M_ARENA_MAX).
 */
export const usualNode: NodeManner = {
  arguments: ['--max-semi-space-size=16'],
  environment: { MALLOC_ARENA_MAX: '1' },
}

/** As Node is by itself. */
export const bareNode: NodeManner = { arguments: [], environment: {} }

export type ProgramOptions = {
  /** What errors call it. */
  readonly name: string
  /** Its compiled main file, from the repository's root: `apps/ingress/dist/main.js`. */
  readonly file: string
  /** Its whole configuration: of this process's environment it sees PATH and HOME alone. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /**
   * The variables it takes its ports from, `PORT` unless said otherwise. The first serves its own business, the last one
   * health; where they are one, it serves both. A port that `env` leaves open is given a free one.
   */
  readonly ports?: readonly string[]
  /** Where its output goes. Without one, `lines` has it. */
  readonly logFile?: string
  /** Whether it takes over from one that has ended, whose last words stay in the log file. */
  readonly continues?: boolean
  /** {@link usualNode} unless said otherwise. */
  readonly node?: NodeManner
}

/** One of our programs, running as it would in production. */
export type Program = Child & {
  readonly name: string
  /** Where it serves its own business: `http://127.0.0.1:<port>`. */
  readonly url: string
  /** Where it answers `/health/live` and `/health/ready`. */
  readonly healthUrl: string
  /** Resolves once it is ready. Rejects with its output as soon as it ends instead, or after twenty seconds. */
  readonly untilReady: () => Promise<void>
}

/** Starts one of our programs, on the Node that runs this. It may not be ready yet when this resolves. */
export async function startProgram({
  name,
  file,
  env = {},
  ports = ['PORT'],
  logFile,
  continues = false,
  node = usualNode,
}: ProgramOptions): Promise<Program> {
  const urls: string[] = []
  const chosen: Record<string, string> = {}
  for (const variable of ports) {
    const port = env[variable] ?? String(await freePort())
    chosen[variable] = port
    urls.push(`http://127.0.0.1:${port}`)
  }
  const { PATH, HOME } = process.env
  const child = await startChild({
    command: process.execPath,
    args: [...node.arguments, join(repository, file)],
    env: { PATH, HOME, ...node.environment, ...env, ...chosen },
    logFile,
    continues,
  })
  const [url = '', healthUrl = url] = [urls.at(0), urls.at(-1)]
  return { ...child, name, url, healthUrl, untilReady: () => untilReady(name, healthUrl, child) }
}

async function untilReady(name: string, healthUrl: string, child: Child): Promise<void> {
  let ended: string | undefined
  void child.ended.then((how) => (ended = how))
  const deadline = performance.now() + readyLimitMs
  while (!(await answersReady(healthUrl))) {
    if (ended !== undefined) throw new Error(`${name} ended (${ended}) before it was ready:\n${child.tail()}`)
    if (performance.now() > deadline)
      throw new Error(`${name} was not ready within ${readyLimitMs / 1000} s:\n${child.tail()}`)
    await setTimeout(50)
  }
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(`${url}/health/ready`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(2000),
    })
    return status === 200
  } catch {
    return false
  }
}
