import type { SenderLoads } from '@ott/queue'
import type { Telling } from '@ott/runtime'
import { z } from 'zod'

const Top = z.coerce.number().int().min(1).max(1000).catch(20)

/**
 * Tells at `/senders?top=20` which senders have most deliveries waiting or parked: asked when something is wrong, and no label of
 * a metric, since there may be any number of them.
 */
export function topSenders(loads: Pick<SenderLoads, 'top'>): Telling {
  return { path: '/senders', tell: (query) => loads.top(Top.parse(query.get('top') ?? undefined)) }
}
