import { lanes, type LevelOfQueue, type QueueLevel } from '@ott/queue'
import { type AskedGauge, exposeAsked } from '@ott/runtime'
import type { Registry } from 'prom-client'

const states = ['delayed', 'active', 'failed', 'completed'] as const

/**
 * Puts what is in the queues among a program's metrics. The ingress tells it, and no worker: that nothing is taken must be seen
 * just when there is no worker.
 */
export function exposeLevels(registry: Registry, readLevels: () => Promise<readonly LevelOfQueue[]>): void {
  exposeAsked(registry, readLevels, gauges)
}

const gauges: readonly AskedGauge<readonly LevelOfQueue[]>[] = [
  {
    name: 'ott_queue_waiting_deliveries',
    help: 'Deliveries that wait to be taken by a worker.',
    labels: ['network', 'queue', 'lane'],
    over: 'max',
    values: (queues) =>
      queues.flatMap(({ network, queue, level: { waiting } }) =>
        lanes.map((lane) => ({ network, queue, lane, value: waiting[lane] })),
      ),
  },
  {
    name: 'ott_queue_deliveries',
    help: 'Deliveries that are put off or parked (delayed), in hand (active), and kept failed or completed.',
    labels: ['network', 'queue', 'state'],
    over: 'max',
    values: (queues) =>
      queues.flatMap(({ network, queue, level }) =>
        states.map((state) => ({ network, queue, state, value: level[state] })),
      ),
  },
  {
    name: 'ott_queue_oldest_waiting_seconds',
    help: 'For how long the delivery has waited that has waited longest to be taken, since it came up if it was put off; 0 without any.',
    labels: ['network', 'queue'],
    over: 'max',
    values: (queues) => queues.map(({ network, queue, level }) => ({ network, queue, value: ageSeconds(level) })),
  },
]

function ageSeconds({ oldestWaitingAt: at }: QueueLevel): number {
  return at === undefined ? 0 : Math.max(0, Date.now() - at) / 1000
}
