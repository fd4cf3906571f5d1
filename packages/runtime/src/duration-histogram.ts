import { Gauge, Histogram, type Registry } from 'prom-client'

/** How long things of one kind took, in plain numbers. */
export class Durations {
  readonly labels: Readonly<Record<string, string>>
  /** By the bound that each was within, and of those beyond all. */
  readonly counts: number[]
  sumSeconds = 0
  readonly #boundsSeconds: readonly number[]

  constructor(labels: Readonly<Record<string, string>>, boundsSeconds: readonly number[]) {
    this.labels = labels
    this.counts = [...boundsSeconds, Infinity].map(() => 0)
    this.#boundsSeconds = boundsSeconds
  }

  add(seconds: number): void {
    const bounds = this.#boundsSeconds
    let place = 0
    while (place < bounds.length && seconds > (bounds[place] ?? Infinity)) place += 1
    this.counts[place] = (this.counts[place] ?? 0) + 1
    this.sumSeconds += seconds
  }
}

export type DurationHistogramOptions<Label extends string> = {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly Label[]
  readonly boundsSeconds: readonly number[]
  readonly registers: readonly Registry[]
}

/**
 * A histogram of durations for what happens with each message: they are counted in plain numbers, 50 ns each, and made metrics
 * of when they are collected. prom-client's own takes a µs for each, for its labels. (It is one of prom-client's metrics in what
 * it tells alone: its own kind of histogram has a second way to tell, which is nobody else's.)
 */
export class DurationHistogram<Label extends string> extends Gauge {
  readonly #options: DurationHistogramOptions<Label>
  readonly #empty: Histogram
  readonly #all: Durations[] = []

  constructor(options: DurationHistogramOptions<Label>) {
    const { name, help } = options
    super({ name, help, registers: [...options.registers] })
    this.#options = options
    this.#empty = new Histogram({ name, help, registers: [] })
  }

  /** Those with these labels, to be kept by whoever adds to them. */
  of(labels: Readonly<Record<Label, string>>): Durations {
    const { labelNames, boundsSeconds } = this.#options
    const known = this.#all.find((each) => labelNames.every((name) => each.labels[name] === labels[name]))
    if (known !== undefined) return known
    const durations = new Durations(labels, boundsSeconds)
    this.#all.push(durations)
    return durations
  }

  override async get() {
    return { ...(await this.#empty.get()), values: this.#all.flatMap((durations) => this.#samplesOf(durations)) }
  }

  #samplesOf({ labels, counts, sumSeconds }: Durations) {
    const { name, boundsSeconds } = this.#options
    let total = 0
    const buckets = [...boundsSeconds, '+Inf'].map((le, index) => {
      total += counts[index] ?? 0
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sumSeconds },
      { metricName: `${name}_count`, labels, value: total },
    ]
  }
}
