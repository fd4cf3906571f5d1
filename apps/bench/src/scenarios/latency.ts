import { sendEvenly } from '../load/open-loop.ts'
import { timeSyncs } from '../measure/disk.ts'
import { percentile } from '../measure/statistics.ts'
import type { Stack } from '../stack/stack.ts'
import type { Target } from '../report/row.ts'
import { alternate, type Figure } from './rounds.ts'
import { type Bench, prepare, type Scenario } from './scenario.ts'

/** How long a request takes at fixed offered loads. */
export const latency: Scenario = {
  name: 'latency',
  title: 'Accept latency at fixed offered loads (open loop; no worker)',
  run: async (bench) => {
    await prepare(bench, { senders: 1, workers: 0 })
    const rows = []
    for (const rate of bench.sizes.rates) rows.push(...(await alternate(bench, 'latency', acceptedAt(bench, rate), 1)))
    return rows
  },
}

/** How long a message takes from its request to the network. */
export const arrival: Scenario = {
  name: 'arrival',
  title: 'From POST to arrival at the network (open loop; 1 worker, provider latency 0)',
  run: async (bench) => {
    await prepare(bench, { senders: 1, workers: 1 })
    return alternate(bench, 'arrival', arrivedAt(bench, 500, { of: 'ours', atMost: 25 }), 1)
  },
}

function acceptedAt(bench: Bench, perSecond: number) {
  return async (stack: Stack): Promise<Figure[]> => {
    const disk = await diskFigures(bench, perSecond)
    const { acceptedAfterMs, lateMs } = await offer(bench, stack, bench.marks(countOf(bench, perSecond)), perSecond)
    await stack.clear()
    const at = `at ${perSecond}/s`
    return [
      ...percentiles(`accepted after, ${at}`, acceptedAfterMs, [0.5, 0.99]),
      ...percentiles(`  the generator's own lateness, ${at}`, lateMs, [0.99]),
      ...disk,
    ]
  }
}

function arrivedAt(bench: Bench, perSecond: number, target: Target) {
  return async (stack: Stack): Promise<Figure[]> => {
    const disk = await diskFigures(bench, perSecond)
    const length = countOf(bench, perSecond)
    const first = bench.marks(length)
    await bench.network.start({ first, length })
    const { dueAt, lateMs } = await offer(bench, stack, first, perSecond)
    await stack.untilDelivered(bench.signal)
    const arrived = await bench.network.arrivals()
    await stack.clear()
    const afterMs = dueAt.map((due, index) => (arrived[index] ?? Infinity) - due)
    const at = `at ${perSecond}/s`
    const [p50, p99, ...further] = percentiles(`arrived after, ${at}`, afterMs, [0.5, 0.99, 0.999])
    return [
      ...(p50 ? [p50] : []),
      ...(p99 ? [{ ...p99, target }] : []),
      ...further,
      ...percentiles(`  the generator's own lateness, ${at}`, lateMs, [0.99]),
      ...disk,
    ]
  }
}

function offer({ sizes, signal }: Bench, { target }: Stack, first: number, perSecond: number) {
  return sendEvenly({ send: (index) => target.send(index, 0), first, perSecond, seconds: sizes.openSeconds, signal })
}

/** What the disk itself takes just before, where the stacks' Redis has its files: a message waits for several syncs. */
async function diskFigures({ sizes, recipe }: Bench, perSecond: number): Promise<Figure[]> {
  const took = await timeSyncs(recipe.folder, sizes.diskSeconds)
  return percentiles(`  the disk itself, before ${perSecond}/s: fdatasync of 1 KB`, took, [0.5, 0.99])
}

function countOf({ sizes }: Bench, perSecond: number): number {
  return Math.round(perSecond * sizes.openSeconds)
}

function percentiles(what: string, values: readonly number[], shares: readonly number[]): Figure[] {
  return shares.map((share) => ({ what: `${what}: p${share * 100}`, unit: 'ms', value: percentile(values, share) }))
}
