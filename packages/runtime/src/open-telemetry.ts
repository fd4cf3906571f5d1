import {
  type Context,
  context,
  createContextKey,
  defaultTextMapGetter,
  defaultTextMapSetter,
  diag,
  DiagLogLevel,
  type Link,
  ROOT_CONTEXT,
  type Span as OpenSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api'
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { z } from 'zod'

import type { Logger } from './logger.ts'
import { asRecorded, createSampler } from './trace-sampler.ts'
import type { Span, SpanStart, Tracing } from './tracing.ts'
import { within } from './within.ts'

/** Somebody waits for this program to end. */
const flushLimitMs = 2000

/** The same trouble, such as a collector that is away, is told of no more often. */
const troublePauseMs = 60_000

const kinds = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
} as const

// Baggage, which OpenTelemetry would pass on too, is the caller's own, and whatever it is must not get into jobs.
const propagator = new W3CTraceContextPropagator()

/** Set where what is made has a trace of its own. */
const many = createContextKey('many')

const nothing = (): undefined => undefined
const noSpan: Span = { set: nothing, fail: nothing, context: nothing }

/** What each log line tells of the trace that it is written within, if that can be looked up. */
export function traceFields(): { readonly traceId?: string } {
  const current = trace.getActiveSpan()
  return isRecorded(current) ? { traceId: current.spanContext().traceId } : {}
}

/** Starts the SDK, which reads the `OTEL_…` variables. `service` is the name of the program where they give it none. */
export function startTracing(service: string, logger: Logger): Tracing {
  tellTroubles(logger)
  const sdk = new NodeSDK({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': service })),
    textMapPropagator: propagator,
    sampler: createSampler(),
    // Nothing but traces: metrics and logs have ways of their own.
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  })
  sdk.start()
  const tracer = trace.getTracer('ott-dispatcher')

  async function inSpan<Result>(start: SpanStart, work: (span: Span) => Promise<Result>): Promise<Result> {
    const { name, kind, attributes, parent, holdsMany = false } = start
    const around =
      parent === undefined ? context.active() : propagator.extract(ROOT_CONTEXT, parent, defaultTextMapGetter)
    if (parent === undefined && !isRecorded(trace.getSpan(around))) return work(noSpan)
    const { outer, links } = placeIn(around)
    const open = tracer.startSpan(name, { kind: kinds[kind], attributes, links }, outer)
    const inner = trace.setSpan(outer, open).setValue(many, holdsMany)
    const span = toSpan(open, inner)
    try {
      return await context.with(inner, () => work(span))
    } catch (error) {
      span.fail(error instanceof Error ? error.name : 'Error')
      throw error
    } finally {
      open.end()
    }
  }

  async function close(): Promise<void> {
    try {
      await within(flushLimitMs, sdk.shutdown(), `not sent within ${flushLimitMs} ms`)
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'tracing.unflushed')
    }
  }

  return { inSpan, close }
}

/** Whether a span made here is a part of the one around it, or only linked to it. */
function placeIn(around: Context): { readonly outer: Context; readonly links: Link[] } {
  const holder = trace.getSpan(around)
  return holder !== undefined && around.getValue(many) === true
    ? { outer: asRecorded(ROOT_CONTEXT), links: [{ context: holder.spanContext() }] }
    : { outer: around, links: [] }
}

function toSpan(open: OpenSpan, inner: Context): Span {
  return {
    set: (attributes) => void open.setAttributes(attributes),
    fail: (type) => void open.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR }),
    context: () => {
      if (!isRecorded(open)) return undefined
      const headers: Record<string, string> = {}
      propagator.inject(inner, headers, defaultTextMapSetter)
      const { traceparent, tracestate } = headers
      return traceparent === undefined ? undefined : { traceparent, ...(tracestate !== undefined && { tracestate }) }
    },
  }
}

/** Whether there is a span that somebody will see: of most traces none are, where they are many. */
function isRecorded(span: OpenSpan | undefined): span is OpenSpan {
  return span !== undefined && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
}

const Trouble = z.object({ message: z.string(), code: z.union([z.string(), z.number()]).optional() })

/** Has what goes wrong with tracing told in the log, and nowhere else: it is no trouble of the program's. */
function tellTroubles(logger: Logger): void {
  const told = new Set<string>()
  setInterval(() => told.clear(), troublePauseMs).unref()
  const tell = (reason: string): void => {
    const kind = reason.replaceAll(/\d+/g, '')
    if (told.has(kind)) return
    told.add(kind)
    // It comes up in the middle of some request, and is none of its doing.
    context.with(ROOT_CONTEXT, () => logger.warn({ reason }, 'tracing.troubled'))
  }
  diag.setLogger({ error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.WARN)
  setGlobalErrorHandler((error) => tell(messageOf(error)))
}

/** Without what else such an error has: what the collector answered, say. */
function messageOf(error: unknown): string {
  const { message, code } = Trouble.safeParse(error).data ?? { message: String(error) }
  return code === undefined ? message : `${message} (${code})`
}
