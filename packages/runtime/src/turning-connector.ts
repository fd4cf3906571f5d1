import type { RedisOptions } from 'ioredis'

import { CorkingConnector } from './corking-connector.ts'
import type { ClusterUrl } from './redis-url.ts'

/** Leads each connection that is made to the next of these nodes; which is the first is left to chance, so as to spread them. */
export function takingTurns(nodes: ClusterUrl['nodes']): RedisOptions['Connector'] {
  let turn = Math.floor(Math.random() * nodes.length)
  return class extends CorkingConnector {
    override async connect(
      ...emitter: Parameters<CorkingConnector['connect']>
    ): ReturnType<CorkingConnector['connect']> {
      turn += 1
      this.options = { ...this.options, ...nodes[turn % nodes.length] }
      return super.connect(...emitter)
    }
  }
}
