import { z } from 'zod'

/** A word, a number or a yes or no about a span, under the names of https://opentelemetry.io/docs/specs/semconv/ where there are some. */
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** The trace that something belongs to, as headers of https://www.w3.org/TR/trace-context/ tell it. There may be others, and none of these. */
type TraceHeaders = Readonly<Record<string, string | string[] | undefined>>

/** What a span is to begin with. Never what is said, to whom, or a secret: spans leave the house. */
export type SpanStart = {
  readonly name: string
  readonly kind: 'server' | 'producer' | 'consumer' | 'client'
  readonly attributes: Attributes
  /** The trace that it goes on with, or begins where they name none. Without them it is part of the span that it is made within. */
  readonly parent?: TraceHeaders | undefined
  /**
   * Whether so much may be made within it that nobody could read it as one trace: each span that is, begins a trace of its own
   * then, which is linked to this one, and recorded if it is.
   */
  readonly holdsMany?: boolean
}

/** A span while it lasts. */
export type Span = {
  readonly set: (attributes: Attributes) => void
  /** It went wrong. `type` is one word of a few: a status, a reason, an error's name. */
  readonly fail: (type: string) => void
  /** For what goes on with the trace elsewhere. `undefined` for a span that nobody will see. */
  readonly context: () => { readonly traceparent: string; readonly tracestate?: string | undefined } | undefined
}

/** What a program tells of the requests and deliveries that it has a part in. */
export type Tracing = {
  /**
   * Does the work within a span that lasts as long, and has failed when the work rejects. With neither a parent nor a span
   * around it that is recorded there is none: the work is done, and what it says of its span is lost.
   */
  readonly inSpan: <Result>(start: SpanStart, work: (span: Span) => Promise<Result>) => Promise<Result>
  /** Sends what is not sent yet, for two seconds at most. */
  readonly close: () => Promise<void>
}

const endpoint = z.url({ protocol: /^https?$/, error: 'must be a URL such as http://127.0.0.1:4318' }).optional()

/**
 * What says whether a program traces; all else of https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * is read by the SDK itself.
 */
export const TracingEnvironment = z.object({
  OTEL_TRACES_EXPORTER: z
    .string()
    .optional()
    .describe(
      '`otlp`, `console` or `zipkin` switches tracing on; `none`: off, whatever the endpoints (docs/tracing.md)',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.describe(
    'where traces go, such as `http://127.0.0.1:4318`: switches tracing on (docs/tracing.md)',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint.describe('likewise, with the path: `http://127.0.0.1:4318/v1/traces`'),
  OTEL_SDK_DISABLED: z.string().optional().describe('`true`: no traces, whatever else is set'),
})
export type TracingSettings = z.output<typeof TracingEnvironment>

/** OpenTelemetry's SDK as we use it, where the settings name an exporter or an endpoint. Elsewhere not one of its files is read. */
export async function loadTracing(settings: TracingSettings) {
  return isWanted(settings) ? import('./open-telemetry.ts') : undefined
}

function isWanted(settings: TracingSettings): boolean {
  const { OTEL_TRACES_EXPORTER: exporter, OTEL_SDK_DISABLED: disabled } = settings
  if (disabled?.toLowerCase() === 'true' || exporter === 'none') return false
  return (exporter ?? settings.OTEL_EXPORTER_OTLP_ENDPOINT ?? settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined
}
