import { Gauge, type Registry } from 'prom-client'

import { within } from './within.ts'

/** Prometheus waits ten seconds, unless told otherwise: what has not answered by then is left out. */
const askLimitMs = 1000

/** One value of a gauge, and its labels. */
type Value = { readonly value: number; readonly [label: string]: string | number }

/** A gauge that is read off an answer. `over`: of several processes of a program that ask the same, whose value is told. */
export type AskedGauge<Answer> = {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
  readonly over: 'max' | 'min'
  readonly values: (answer: Answer) => readonly Value[]
}

/**
 * Gauges that are filled when they are collected, all of them by one question. Where there is no answer they stay as they were:
 * without Redis, say, a program's other metrics are wanted all the more.
 */
export function exposeAsked<Answer>(
  registry: Registry,
  ask: () => Promise<Answer>,
  gauges: readonly AskedGauge<Answer>[],
): void {
  let asking: Promise<Answer | undefined> | undefined
  // All of a registry's metrics are collected at the same time.
  const askOnce = (): Promise<Answer | undefined> =>
    (asking ??= within(askLimitMs, ask(), 'no answer')
      .catch(() => undefined)
      .finally(() => (asking = undefined)))

  for (const { name, help, labels = [], over, values } of gauges) {
    const gauge = new Gauge({ name, help, labelNames: [...labels], aggregator: over, registers: [], collect })
    registry.registerMetric(gauge)

    async function collect(): Promise<void> {
      const answer = await askOnce()
      if (answer === undefined) return
      gauge.reset()
      for (const { value, ...labelled } of values(answer)) gauge.set(labelled, value)
    }
  }
}
