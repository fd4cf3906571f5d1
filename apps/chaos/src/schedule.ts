import { type Random, seeded } from './random.ts'

export const networkNames = ['line', 'messenger'] as const
export type NetworkName = (typeof networkNames)[number]

/** Everything in the fleet that runs several times, and is deployed again while the rest goes on. */
export const replicated = [
  'ingress-1',
  'ingress-2',
  'worker-line-1',
  'worker-line-2',
  'worker-messenger-1',
  'worker-messenger-2',
] as const
type Replicated = (typeof replicated)[number]

export type MemberName = Replicated | 'redis' | 'sandbox'

type CutFault = 'drop-before' | 'drop-after' | 'slow' | 'slow-answer' | 'unavailable'

/** Something bad that is to happen. `atMs` counts from the start of the load; the other times are how long it lasts. */
export type PlannedEvent = { readonly atMs: number } & (
  | { readonly kind: 'kill' | 'restart'; readonly member: MemberName; readonly downMs: number }
  | { readonly kind: 'freeze'; readonly member: MemberName; readonly forMs: number }
  | {
      readonly kind: 'cut'
      readonly network: NetworkName
      readonly operation: string
      readonly fault: CutFault
      readonly forMs: number
      readonly delayMs: number
    }
  /** One process after another is stopped and started anew. */
  | { readonly kind: 'rotate' }
)

export type ScheduleOptions = {
  readonly seed: number
  readonly durationMs: number
  /** How many kill -9 there are at least. */
  readonly kills: number
  readonly lockMs: number
  readonly networkTimeoutMs: number
}

type Bare<Event> = Event extends PlannedEvent ? Omit<Event, 'atMs'> : never

/** How often each kind comes, in milliseconds. At least once in any run. */
const usually = { freeze: 8000, cut: 4000, restart: 45_000, rotate: 60_000 } as const

/** Processes come up at first and finish their work at last without disturbance. */
const calmShare = 0.04

/** All that is to happen in a run, in order: the same for the same options. */
export function planSchedule(options: ScheduleOptions): readonly PlannedEvent[] {
  const { seed, durationMs, kills } = options
  const often = (everyMs: number): number => Math.max(1, Math.round(durationMs / everyMs))
  const random = seeded(seed, 0)
  const spread = (count: number, make: () => Bare<PlannedEvent>): PlannedEvent[] =>
    Array.from({ length: count }, (_, index) => {
      const share = calmShare + (1 - 2 * calmShare) * ((index + random.int(0, 999) / 1000) / count)
      return { atMs: Math.round(durationMs * share), ...make() }
    })
  return [
    ...spread(kills, killer(random)),
    ...spread(often(usually.freeze), freezer(random, options)),
    ...spread(often(usually.cut), cutter(random, options)),
    ...spread(often(usually.restart), () => ({ kind: 'restart', member: 'redis', downMs: random.int(0, 1000) })),
    ...spread(often(usually.rotate), () => ({ kind: 'rotate' })),
  ].toSorted((one, other) => one.atMs - other.atMs)
}

function killer(random: Random): () => Bare<PlannedEvent> {
  const deal = random.dealer<MemberName>([...replicated, 'redis', 'redis'])
  return () => ({ kind: 'kill', member: deal(), downMs: random.int(0, 1000) })
}

/** A worker may be frozen for longer than its locks last: others then have its deliveries when it comes to again. */
function freezer(random: Random, { lockMs, networkTimeoutMs }: ScheduleOptions): () => Bare<PlannedEvent> {
  const deal = random.dealer<MemberName>([...replicated, 'worker-line-1', 'worker-messenger-1', 'redis', 'sandbox'])
  return () => {
    const member = deal()
    const longest = member.startsWith('worker') ? lockMs * 1.8 : networkTimeoutMs * 1.5
    return { kind: 'freeze', member, forMs: random.int(200, Math.round(longest)) }
  }
}

function cutter(random: Random, { networkTimeoutMs }: ScheduleOptions): () => Bare<PlannedEvent> {
  const whom = random.dealer<{ readonly network: NetworkName; readonly operation: string }>([
    { network: 'line', operation: 'reply' },
    { network: 'line', operation: 'push' },
    { network: 'messenger', operation: 'send' },
  ])
  const how = random.dealer<CutFault>(['drop-after', 'drop-after', 'drop-before', 'slow', 'slow-answer', 'unavailable'])
  return () => {
    const fault = how()
    const delayMs = fault.startsWith('slow') ? random.int(200, longestDelayMs(networkTimeoutMs)) : 0
    return { kind: 'cut', ...whom(), fault, forMs: random.int(200, 1500), delayMs }
  }
}

/** A slow network may answer, or only take the message, when nobody waits for it any longer. */
export function longestDelayMs(networkTimeoutMs: number): number {
  return Math.round(networkTimeoutMs * 1.5)
}
