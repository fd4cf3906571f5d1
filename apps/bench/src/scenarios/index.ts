import { acceptOnly } from './accept-only.ts'
import { backlog } from './backlog.ts'
import { cluster } from './cluster.ts'
import { deliverOnly } from './deliver-only.ts'
import { endToEnd, senders } from './end-to-end.ts'
import { arrival, latency } from './latency.ts'
import { flood } from './flood.ts'
import { memory } from './memory.ts'
import { provider } from './provider.ts'
import { resident } from './resident.ts'
import type { Scenario } from './scenario.ts'
import { workers } from './workers.ts'

/** All that is measured, in this order: workers go on from one to the next as long as they can, and so stay warm. */
export const scenarios: readonly Scenario[] = [
  acceptOnly,
  latency,
  deliverOnly,
  endToEnd,
  arrival,
  provider,
  senders,
  workers,
  memory,
  backlog,
  resident,
  cluster,
  flood,
]
