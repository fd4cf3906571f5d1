const rememberedMs = 60 * 60 * 1000

/** Looks that are farther apart than so many of their usual distances have a time between them that nobody saw. */
const missedMax = 3

/** The samples that the page has got so far, the last hour's. */
export function createHistory() {
  let samples = []
  return {
    /** New ones, oldest first. From a board whose clock was set back, they take the place of later ones. */
    add: (added) => {
      const [first] = added
      if (first === undefined) return
      samples = [...samples.filter(({ at }) => at < first.at), ...added]
      const newest = samples.at(-1).at
      samples = samples.filter(({ at }) => at > newest - rememberedMs)
    },
    newest: () => samples.at(-1),
    within: (ms) => samples.filter(({ at }) => at > (samples.at(-1)?.at ?? 0) - ms),
  }
}

/** Times in seconds, and for each function its value of every sample: as the charts take them, with holes where nothing was seen. */
export function toColumns(samples, everyMs, values) {
  const columns = [[], ...values.map(() => [])]
  const put = (at, valueOf) => {
    columns[0].push(at / 1000)
    for (const [index, value] of values.entries()) columns[index + 1].push(valueOf(value))
  }
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1]
    if (before && sample.at - before.at > missedMax * everyMs) put(before.at + everyMs, () => null)
    put(sample.at, (value) => value(sample) ?? null)
  }
  return columns
}

/** How many in a second, over the samples given, of what each one counts. */
export function perSecond(samples, count) {
  const seconds = samples.reduce((sum, { spanMs }) => sum + spanMs, 0) / 1000
  return seconds === 0 ? 0 : samples.reduce((sum, sample) => sum + count(sample), 0) / seconds
}
