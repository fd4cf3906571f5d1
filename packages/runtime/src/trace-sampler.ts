import { type Context, createContextKey, diag } from '@opentelemetry/api'
import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'

const recorded = createContextKey('recorded')

/** Has a trace that begins in this context recorded, whatever the environment says: it goes with another that is. */
export function asRecorded(context: Context): Context {
  return context.setValue(recorded, true)
}

/**
 * Decides as `OTEL_TRACES_SAMPLER` says, https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration,
 * unless it is decided already: see {@link asRecorded}. The SDK has no door to what it makes of that variable itself.
 */
export function createSampler(): Sampler {
  const usual = usualSampler()
  return {
    shouldSample: (context, ...about) =>
      context.getValue(recorded) === true
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : usual.shouldSample(context, ...about),
    toString: () => usual.toString(),
  }
}

const byDefault = 'parentbased_always_on'

const byName: Readonly<Record<string, () => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: () => new TraceIdRatioBasedSampler(readRatio()),
  [byDefault]: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: () => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(readRatio()) }),
}

function usualSampler(): Sampler {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER') ?? byDefault
  const make = Object.hasOwn(byName, name) ? byName[name] : undefined
  if (make !== undefined) return make()
  diag.error(`unknown OTEL_TRACES_SAMPLER "${name}": it is ${byDefault}`)
  return new ParentBasedSampler({ root: new AlwaysOnSampler() })
}

function readRatio(): number {
  const ratio = getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG') ?? 1
  if (ratio >= 0 && ratio <= 1) return ratio
  diag.error(`OTEL_TRACES_SAMPLER_ARG=${ratio} is not between 0 and 1: it is 1`)
  return 1
}
