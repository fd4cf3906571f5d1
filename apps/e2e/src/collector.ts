import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

import { untilTrue } from '@ott/local/testing'
import { z } from 'zod'

const Attribute = z
  .object({ key: z.string(), value: z.record(z.string(), z.unknown()) })
  .transform(({ key, value }): [string, string] => [key, String(Object.values(value)[0])])
const Attributes = z.array(Attribute).transform((attributes) => Object.fromEntries(attributes))

const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number().transform((kind) => ['', 'internal', 'server', 'client', 'producer', 'consumer'][kind]),
  startTimeUnixNano: z.string(),
  attributes: Attributes,
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.object({ code: z.number().optional() }),
})

/** https://opentelemetry.io/docs/specs/otlp/#otlphttp-request, in JSON. */
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
})

/** A span as a collector has it, with the service that told of it. Attributes are as text. */
export type CollectedSpan = z.output<typeof Span> & { readonly service: string | undefined }

/** A collector of traces, to which programs send over a real socket. */
export type Collector = {
  readonly url: string
  /** All that was sent, to the letter. */
  readonly bodies: readonly string[]
  /** A trace's spans in the order that they began, once there are so many. */
  readonly untilTrace: (traceId: string, spans: number) => Promise<CollectedSpan[]>
  readonly close: () => Promise<void>
}

export async function startCollector(): Promise<Collector> {
  const bodies: string[] = []
  const spans: CollectedSpan[] = []
  const take = async (request: IncomingMessage): Promise<void> => {
    const body = await text(request)
    bodies.push(body)
    for (const { resource, scopeSpans } of Export.parse(JSON.parse(body)).resourceSpans)
      for (const span of scopeSpans.flatMap((scope) => scope.spans))
        spans.push({ ...span, service: resource.attributes['service.name'] })
  }
  const server = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      (error: unknown) => response.writeHead(400).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = z.object({ port: z.number() }).parse(server.address())
  const ofTrace = (traceId: string): CollectedSpan[] => spans.filter((span) => span.traceId === traceId)
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    untilTrace: async (traceId, count) => {
      await untilTrue(() => ofTrace(traceId).length >= count)
      return ofTrace(traceId).toSorted(byBeginning)
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Beginnings are told in whole milliseconds: of two in the same one, what is part of the other began later. */
function byBeginning(one: CollectedSpan, other: CollectedSpan): number {
  const apart = Number(BigInt(one.startTimeUnixNano) - BigInt(other.startTimeUnixNano))
  if (apart !== 0) return apart
  return Number(one.parentSpanId === other.spanId) - Number(other.parentSpanId === one.spanId)
}
