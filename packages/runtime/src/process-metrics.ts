import { AggregatorRegistry, Registry } from 'prom-client'
import { z } from 'zod'

/** JSON has no NaN, which is what prom-client tells of a lag that nothing was measured of yet. */
const Value = z.looseObject({
  value: z
    .number()
    .nullable()
    .transform((value) => value ?? 0),
})

/** Metrics as prom-client tells them to another process. */
const Told = z.array(
  z
    .looseObject({ name: z.string(), type: z.string(), aggregator: z.string(), values: z.array(Value) })
    .transform(worst),
)
type Told = z.output<typeof Told>

/** What a process tells of itself at this moment, as {@link tellMetrics} has it. Rejects when it does not. */
type Ask<Process> = (process: Process) => Promise<unknown>

/** What a process tells whoever answers for several. */
export function tellMetrics(registry: Registry): Promise<unknown> {
  return registry.getMetricsAsJSON()
}

/**
 * The metrics of several processes as those of one program. A counter never falls, which would be a restart to Prometheus and all
 * that was ever counted new to it: of a process that has ended, or does not answer, that is told on which it had counted when it was
 * last asked.
 */
export class ProcessMetrics<Process> {
  readonly #ask: Ask<Process>
  /** Of those that are there, what each told last. */
  readonly #last = new Map<Process, Told>()
  #ended: Promise<Told> = Promise.resolve([])

  constructor(ask: Ask<Process>) {
    this.#ask = ask
  }

  begin(process: Process): void {
    this.#last.set(process, [])
  }

  end(process: Process): void {
    const last = countsOf(this.#last.get(process) ?? [])
    this.#last.delete(process)
    this.#ended = this.#ended.then(async (before) => Told.parse(await together([before, last]).getMetricsAsJSON()))
  }

  /** As Prometheus reads it. */
  async text(): Promise<string> {
    const fresh = new Map(await Promise.all(Array.from(this.#last.keys(), (process) => this.#askOne(process))))
    const present = Array.from(this.#last, ([process, last]) => fresh.get(process) ?? countsOf(last))
    // Both as they are at this moment: a process ends in one step.
    return together([await this.#ended, ...present]).metrics()
  }

  async #askOne(process: Process): Promise<[Process, Told | undefined]> {
    const answer = await this.#ask(process).catch(() => undefined)
    if (answer === undefined) return [process, undefined]
    const told = Told.parse(answer)
    if (this.#last.has(process)) this.#last.set(process, told)
    return [process, told]
  }
}

function together(several: readonly Told[]): Registry {
  return AggregatorRegistry.aggregate([...several])
}

/** What only grows. */
function countsOf(metrics: Told): Told {
  return metrics.filter(({ type }) => type === 'counter' || type === 'histogram')
}

/** prom-client takes the mean of processes' lags: one that is stuck would hide behind the others. */
function worst<Metric extends { readonly name: string; readonly aggregator: string }>(metric: Metric): Metric {
  const isMean = metric.name.startsWith('nodejs_eventloop_lag_') && metric.aggregator === 'average'
  return isMean ? { ...metric, aggregator: 'max' } : metric
}
