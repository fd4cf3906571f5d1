import { Gauge, Histogram } from 'prom-client'

import { boundsSeconds, type Durations, type RequestTally } from './request-tally.ts'

const description = {
  name: 'ott_http_request_duration_seconds',
  help: 'From a request’s headers until its answer was written, by route and class of status; none where its client went away before.',
  labelNames: ['route', 'status'],
  registers: [],
}

/**
 * A histogram of what a tally has counted. prom-client's own would have to be told of each request, so this is one of its metrics in
 * what it tells alone. (Its own kind of histogram has a second way to tell, which is nobody else's.)
 */
export class DurationHistogram extends Gauge {
  readonly #tally: RequestTally
  readonly #empty = new Histogram(description)

  constructor(tally: RequestTally) {
    super(description)
    this.#tally = tally
  }

  override async get() {
    return { ...(await this.#empty.get()), values: this.#tally.durations.flatMap(samplesOf) }
  }
}

function samplesOf({ labels, counts, sumSeconds }: Durations) {
  const { name } = description
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
