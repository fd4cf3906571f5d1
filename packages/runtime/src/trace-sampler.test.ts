import { afterEach, expect, test } from '@jest/globals'
import { type Context, ROOT_CONTEXT, SpanKind, trace, TraceFlags } from '@opentelemetry/api'
import { SamplingDecision } from '@opentelemetry/sdk-trace'

import { asRecorded, createSampler } from './trace-sampler.ts'

const given = { name: process.env['OTEL_TRACES_SAMPLER'], part: process.env['OTEL_TRACES_SAMPLER_ARG'] }
afterEach(() => set(given))

function set({ name, part }: typeof given): void {
  for (const [variable, value] of [
    ['OTEL_TRACES_SAMPLER', name],
    ['OTEL_TRACES_SAMPLER_ARG', part],
  ] as const)
    if (value === undefined) delete process.env[variable]
    else process.env[variable] = value
}

/** Within the trace of a caller that records it, or does not. */
function ofCaller(traceFlags: TraceFlags): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    traceFlags,
    isRemote: true,
  })
}

/** An id that a ratio of a hundredth leaves out. */
const traceId = `${'f'.repeat(8)}${'0'.repeat(24)}`
const isRecorded = (context: Context): boolean =>
  createSampler().shouldSample(context, traceId, 'POST', SpanKind.SERVER, {}, []).decision ===
  SamplingDecision.RECORD_AND_SAMPLED

test.each([
  // Of nobody's trace, of one that its caller records, and of one that it does not.
  { name: undefined, part: undefined, recorded: [true, true, false] },
  { name: 'always_on', part: undefined, recorded: [true, true, true] },
  { name: 'always_off', part: undefined, recorded: [false, false, false] },
  { name: 'traceidratio', part: '0.01', recorded: [false, false, false] },
  { name: 'parentbased_always_on', part: undefined, recorded: [true, true, false] },
  { name: 'parentbased_always_off', part: undefined, recorded: [false, true, false] },
  { name: 'parentbased_traceidratio', part: '0.01', recorded: [false, true, false] },
  { name: 'parentbased_traceidratio', part: '2', recorded: [true, true, false] },
  { name: 'constructor', part: undefined, recorded: [true, true, false] },
])('what is recorded is what OTEL_TRACES_SAMPLER says: $name $part', ({ name, part, recorded }) => {
  set({ name, part })
  const contexts = [ROOT_CONTEXT, ofCaller(TraceFlags.SAMPLED), ofCaller(TraceFlags.NONE)]
  expect(contexts.map(isRecorded)).toEqual(recorded)
})

test('a trace that goes with a recorded one is recorded, whatever part of the others is', () => {
  set({ name: 'parentbased_always_off', part: undefined })
  expect(isRecorded(asRecorded(ROOT_CONTEXT))).toBe(true)
})
