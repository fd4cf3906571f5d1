import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

import { Registry } from 'prom-client'
import { z } from 'zod'

import type { Check, Telling } from './health.ts'
import type { Logger } from './logger.ts'
import { answerMetrics, type Metrics } from './metrics.ts'
import { ProcessMetrics, tellMetrics } from './process-metrics.ts'
import { StartFailure } from './program.ts'

/** A process that dies at once, again and again, is not to take the machine's time. */
const pauseMs = 1000

/** Whoever asks for health waits a second. */
const answerLimitMs = 900

/** Prometheus waits ten seconds, unless told otherwise. */
const metricsLimitMs = 5000

/** Where a process tells whoever answers for all what it counts. */
const metricsPath = '/metrics.json'

const stop = 'stop'

// One of several ends when its work is done, as a program that runs alone does: being reachable is no work.
if (cluster.isWorker) process.channel?.unref()

/** What a process tells once it serves: where it answers for itself. */
const Serving = z.object({ healthUrl: z.url() })

const Health = z.object({ checks: z.record(z.string(), z.string()) })

/** Several processes of one program, which share its port. One that dies is replaced. */
export type Processes = {
  /** Whether each of them is ready, and whether each is well in itself. */
  readonly ready: Check
  readonly live: Check
  /** Of all of them together. */
  readonly metrics: Pick<Metrics, 'answer'>
  /** Resolves once each has finished what it had in hand. */
  readonly close: () => Promise<void>
}

/** Whether this process is one of several, and another one answers for them all. */
export function isOneOfSeveral(): boolean {
  return cluster.isWorker
}

/**
 * Starts this program again, so many times, and resolves once each of them serves. They share the ports that they listen on:
 * https://nodejs.org/api/cluster.html. Throws a {@link StartFailure} when one cannot start: it has said why itself.
 */
export async function startProcesses(count: number, logger: Logger): Promise<Processes> {
  const healthUrls = new Map<Worker, string>()
  const metrics = new ProcessMetrics<Worker>((child) => askMetrics(healthUrls.get(child) ?? ''))
  let stopping = false

  async function startOne(): Promise<void> {
    const child = cluster.fork()
    const ended = once(child, 'exit').then(() => {
      throw new StartFailure('One of its processes could not start; what it says of it stands above.')
    })
    const [message] = await Promise.race([once(child, 'message'), ended])
    healthUrls.set(child, Serving.parse(message).healthUrl)
    metrics.begin(child)
    logger.info({ pid: child.process.pid }, 'process.started')
    ended.catch(() => replace(child))
  }

  async function replace(child: Worker): Promise<void> {
    if (healthUrls.delete(child)) metrics.end(child)
    if (stopping) return
    tellLost(child, logger)
    await wait(pauseMs)
    if (!stopping) await startOne().catch(() => replace(child))
  }

  function close(): Promise<void> {
    stopping = true
    return endAll()
  }

  try {
    // The first alone: what keeps one from starting is told once.
    await startOne()
    await Promise.all(Array.from({ length: count - 1 }, startOne))
  } catch (error) {
    // Those that are there would keep this process from ending, and take requests that nobody answers for.
    await close()
    throw error
  }
  return {
    ready: () => askAll(healthUrls, count, 'ready'),
    live: () => askAll(healthUrls, count, 'live'),
    metrics: { answer: answerMetrics(Registry.PROMETHEUS_CONTENT_TYPE, () => metrics.text()) },
    close,
  }
}

/** What one of several processes tells beside its health. */
export function metricsOfOne(registry: Registry): Telling {
  return { path: metricsPath, tell: () => tellMetrics(registry) }
}

/** Tells whoever started this process that it serves; what it is asked to do then, it does as if by a signal. */
export function serveAsOne(healthUrl: string): void {
  process.on('message', (message) => {
    if (message === stop) process.emit('SIGTERM', 'SIGTERM')
  })
  process.send?.({ healthUrl } satisfies z.input<typeof Serving>)
}

function tellLost({ process: { pid, exitCode, signalCode } }: Worker, logger: Logger): void {
  logger.error({ pid, exitCode, signalCode }, 'process.lost')
}

async function endAll(): Promise<void> {
  const children = Object.values(cluster.workers ?? {}).filter((child) => child !== undefined)
  await Promise.all(children.map(endOne))
}

/** By a message: a signal may have come to the whole group already, and a second one would end it at once. */
async function endOne(child: Worker): Promise<void> {
  if (child.isDead()) return
  const ended = once(child, 'exit')
  // One that cannot be told has just ended by itself.
  if (child.isConnected()) child.send(stop, () => undefined)
  await ended
}

async function askAll(healthUrls: ReadonlyMap<Worker, string>, count: number, question: string): Promise<string> {
  if (healthUrls.size < count) throw new Error(`${healthUrls.size} of ${count} processes are there`)
  const answers = await Promise.all(Array.from(healthUrls, ([child, url]) => ask(child, `${url}/health/${question}`)))
  return [`each of ${count} processes is`, ...new Set(answers)].join('; ')
}

async function askMetrics(healthUrl: string): Promise<unknown> {
  const answer = await fetch(`${healthUrl}${metricsPath}`, { signal: AbortSignal.timeout(metricsLimitMs) })
  if (!answer.ok) throw new Error(`answered ${answer.status}`)
  return answer.json()
}

async function ask({ process: { pid } }: Worker, url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(answerLimitMs) })
  const { checks } = Health.parse(await answer.json())
  const words = Object.entries(checks).map(([name, state]) => `${name}: ${state}`)
  if (!answer.ok) throw new Error(`process ${pid}: ${words.join('; ')}`)
  return words.join('; ')
}
