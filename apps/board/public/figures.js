const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 })

/** How many: 12,345; 1.23M. */
export function toCount(count) {
  return count < 100_000 ? whole.format(count) : compact.format(count)
}

/** How many in a second: 0.5/s; 1,234/s. */
export function toRate(perSecond) {
  return `${perSecond < 10 ? short.format(perSecond) : toCount(perSecond)}/s`
}

/** How long, in milliseconds: 0.4 s; 45 s; 3 min; 2.5 h. */
export function toDuration(ms) {
  const seconds = ms / 1000
  if (seconds < 10) return `${tenths.format(seconds)} s`
  if (seconds < 120) return `${whole.format(seconds)} s`
  if (seconds < 7200) return `${whole.format(seconds / 60)} min`
  return `${short.format(seconds / 3600)} h`
}

/** How much memory: 840 kB; 12 MB; 1.5 GB. */
export function toBytes(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const amount = bytes / 1024 ** power
  return `${amount < 10 ? short.format(amount) : whole.format(amount)} ${units[power]}`
}

/** A moment today: 14:03:22. */
export function toTime(ms, seconds = true) {
  const parts = { hour: '2-digit', minute: '2-digit', ...(seconds && { second: '2-digit' }), hourCycle: 'h23' }
  return new Date(ms).toLocaleTimeString('en', parts)
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** What the axes of counts, of durations and of memory go up by: what can be told in round figures. */
export const countSteps = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat()
export const durationSteps = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30].map((step) => step * second),
  ...[1, 2, 5, 10, 20, 30].map((step) => step * minute),
  ...[1, 2, 5, 10, 24, 48, 120].map((step) => step * hour),
]
export const byteSteps = Array.from({ length: 45 }, (_, power) => 2 ** power)
