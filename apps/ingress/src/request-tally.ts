/** Up to how many seconds an answer took, to be counted with its like: from what needs no Redis to what was given up. */
export const boundsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const

/** What requests are told apart by. All of them are words of ours, of which there are few. */
export type RequestLabels = {
  readonly method: string
  readonly route: string
  readonly status: number | 'none'
  readonly reason: string
}

/** Requests that were alike. `count`: how many there were since it was last taken. */
type Alike = { readonly labels: RequestLabels; readonly durations: Durations; count: number }

/** How long answers of a route took, by the class of their status. `counts`: by the bound that each was within, and of those beyond all. */
export type Durations = {
  readonly labels: { readonly route: string; readonly status: string }
  readonly counts: number[]
  sumSeconds: number
}

/**
 * Counts requests and how long they took, in plain numbers that metrics are made of when they are collected: 50 ns for a request, of
 * which prom-client's own counter and histogram would take 1.2 µs.
 */
export class RequestTally {
  readonly #byRoute = new Map<string, Map<string, Map<RequestLabels['status'], Map<string, Alike>>>>()
  readonly #all: Alike[] = []
  readonly durations: Durations[] = []

  add(labels: RequestLabels, seconds: number): void {
    const alike = this.#find(labels)
    const { counts } = alike.durations
    alike.count += 1
    alike.durations.sumSeconds += seconds
    const bound = boundsSeconds.findIndex((each) => seconds <= each)
    const place = bound === -1 ? boundsSeconds.length : bound
    counts[place] = (counts[place] ?? 0) + 1
  }

  /** What was counted since this was last asked. */
  take(count: (labels: RequestLabels, requests: number) => void): void {
    for (const alike of this.#all) {
      if (alike.count > 0) count(alike.labels, alike.count)
      alike.count = 0
    }
  }

  /** One look-up after the other, rather than by one key that would have to be put together. */
  #find(labels: RequestLabels): Alike {
    const { method, route, status, reason } = labels
    return this.#byRoute.get(route)?.get(reason)?.get(status)?.get(method) ?? this.#begin(labels)
  }

  #begin(labels: RequestLabels): Alike {
    const alike = { labels, durations: this.#durationsOf(labels), count: 0 }
    const byReason = within(this.#byRoute, labels.route)
    within(within(byReason, labels.reason), labels.status).set(labels.method, alike)
    this.#all.push(alike)
    return alike
  }

  #durationsOf({ route, status }: RequestLabels): Durations {
    const labels = { route, status: status === 'none' ? status : `${Math.floor(status / 100)}xx` }
    const known = this.durations.find((each) => each.labels.route === route && each.labels.status === labels.status)
    if (known !== undefined) return known
    const durations = { labels, counts: [...boundsSeconds, Infinity].map(() => 0), sumSeconds: 0 }
    this.durations.push(durations)
    return durations
  }
}

function within<Key, Inner, Value>(map: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  const known = map.get(key)
  if (known !== undefined) return known
  const inner = new Map<Inner, Value>()
  map.set(key, inner)
  return inner
}
