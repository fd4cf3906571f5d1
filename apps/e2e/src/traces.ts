import { randomBytes } from 'node:crypto'

import { Redis } from 'ioredis'
import { z } from 'zod'

import type { CollectedSpan } from './collector.ts'

/** What a caller sends that is in a trace of its own: the trace's id, and the headers. */
export function aCaller({ sampled = true } = {}) {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  const traceparent = `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
  return { traceId, spanId, headers: { traceparent, tracestate: 'shop=basket-7' } }
}

/** Each span as `service kind name`, and what came of it, below the one that it is a part of. */
export function tree(spans: readonly CollectedSpan[], parent: string, indent = ''): string[] {
  const parts = spans.filter(({ parentSpanId }) => parentSpanId === parent)
  return parts.flatMap((span) => [indent + describe(span)].concat(tree(spans, span.spanId, `${indent}  `)))
}

function describe({ service, kind, name, attributes }: CollectedSpan): string {
  return [service, kind, name, attributes['http.response.status_code'] ?? attributes['ott.outcome']].join(' ').trimEnd()
}

/** A delivery's job as Redis has it, wherever it is in a cluster. */
export async function jobOf(redisUrl: string, id: string): Promise<string> {
  for (const url of redisUrl.split(',')) {
    const node = new Redis(url)
    const [key] = await node.keys(`ott:*:${id}`)
    const found = key === undefined ? undefined : await node.hget(key, 'data')
    node.disconnect()
    if (typeof found === 'string') return found
  }
  throw new Error(`there is no job ${id}`)
}

const Job = z.object({ delivery: z.object({ trace: z.object({ traceparent: z.string() }) }) })

/** The id of the trace that a delivery's job names. */
export async function traceOf(redisUrl: string, id: string): Promise<string> {
  const { delivery } = Job.parse(JSON.parse(await jobOf(redisUrl, id)))
  return delivery.trace.traceparent.split('-')[1] ?? ''
}
