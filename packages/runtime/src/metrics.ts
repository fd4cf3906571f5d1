import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { z } from 'zod'

import { checkedOut } from './revision.ts'

/** What a program counts and measures. Those of its own are named `ott_…`, and made with `registers: [registry]`. */
export type Metrics = {
  readonly registry: Registry
  /** Answers `/metrics`, as Prometheus reads it. Returns whether the request was for that. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
}

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/** What metrics tell of where they come from. `revision` is what was built, if that is known better than from a checkout. */
type Origin = { readonly program: string; readonly network?: string; readonly revision?: string | undefined }

/**
 * A program's metrics: at first those of the process (`process_…`, `nodejs_…`) and `ott_build_info`. Each carries the program,
 * and the network where it has one, since the address it is scraped at tells neither.
 */
export function createMetrics({ program, network, revision = checkedOut() ?? 'unknown' }: Origin): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels(network === undefined ? { program } : { program, network })
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'ott_build_info',
    help: 'Always 1: its labels tell what runs.',
    labelNames: ['version', 'revision', 'node'],
    aggregator: 'max',
    registers: [registry],
  }).set({ version, revision, node: process.versions.node }, 1)

  return {
    registry,
    answer: answerMetrics(registry.contentType, () => registry.metrics()),
  }
}

/** Answers `/metrics` with the text that is collected at that moment. */
export function answerMetrics(contentType: string, collect: () => Promise<string>): Metrics['answer'] {
  return async (request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') return false
    try {
      const text = await collect()
      response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text)
    } catch (error) {
      response
        .writeHead(500, { 'content-type': 'text/plain' })
        .end(`The metrics could not be collected: ${String(error)}`)
    }
    return true
  }
}
