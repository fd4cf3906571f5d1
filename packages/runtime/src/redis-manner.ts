import type { ClusterOptions, RedisOptions } from 'ioredis'

import { CorkingConnector } from './corking-connector.ts'
import type { ClusterUrl } from './redis-url.ts'

/**
 * How commands behave while Redis, or the node of a cluster that has their key, is away. `failing`: they fail at once, for a caller
 * who waits for an answer. `waiting`: they wait until it is back, or another has taken over, for background work.
 */
export type RedisManner = 'failing' | 'waiting'

/**
 * When a connection whose other end has vanished without a word is given up, and made anew. `heartbeatMs`: how often a word
 * is asked for, so that one that only listens is found out too. `limitMs`: no answer to anything for so long.
 */
export type Silence = { readonly heartbeatMs: number; readonly limitMs: number }

export const silences: Readonly<Record<RedisManner, Silence>> = {
  failing: { heartbeatMs: 1000, limitMs: 3000 },
  // BullMQ's workers wait for deliveries on a duplicate of such a connection, in silence, for ten seconds at most
  // (maximumBlockTimeout in its redis-queue-backend.js).
  waiting: { heartbeatMs: 3000, limitMs: 12_000 },
}

const manners: Readonly<Record<RedisManner, RedisOptions>> = {
  // Nothing is resent after a reconnect either: the caller has been told, and would be answered twice.
  failing: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: 900,
  },
  waiting: { maxRetriesPerRequest: null },
}

/**
 * What a node answers that never did what it was asked to (MOVED, ASK, TRYAGAIN) is asked again where it belongs, in both manners.
 * All else is for `waiting` to ask again.
 */
const clusterManners: Readonly<Record<RedisManner, ClusterOptions>> = {
  failing: { enableOfflineQueue: false, retryDelayOnFailover: 0, retryDelayOnClusterDown: 0 },
  // Nodes that do not agree yet who has a key send a command to and fro: not at full speed.
  waiting: { maxRedirections: Infinity, retryDelayOnMoved: 50 },
}

/** A node that is no longer there must not hold up what its successor could do. */
const nodeConnectLimitMs = 2000

/** Of a connection to one server. */
export function connectionOptions(manner: RedisManner, silence: Silence): RedisOptions {
  return { ...manners[manner], ...reconnection(manner), ...serverOptions(silence), lazyConnect: true }
}

/** Of a connection to all nodes of a cluster. */
export function clusterOptions(url: ClusterUrl, manner: RedisManner, silence: Silence): ClusterOptions {
  const { enableOfflineQueue: _ofCluster, ...ofNode } = manners[manner]
  return {
    ...clusterManners[manner],
    redisOptions: {
      ...ofNode,
      ...serverOptions(silence),
      ...loginOptions(url),
      connectTimeout: nodeConnectLimitMs,
      reconnectOnError: (error) => (manner === 'waiting' && isUnblocked(error) ? 2 : false),
    },
    clusterRetryStrategy: pauseBefore,
    // A cluster that is down is still to be asked why.
    enableReadyCheck: false,
    // Hosts keep their names, which certificates are for, and are looked up at each connection.
    dnsLookup: (host, found) => found(null, host),
    lazyConnect: true,
  }
}

/** How one logs in to a node. */
export function loginOptions({ secure, username, password }: ClusterUrl): RedisOptions {
  return { username, password, ...(secure ? { tls: {} } : {}) }
}

function serverOptions(silence: Silence): RedisOptions {
  return {
    socketTimeout: silence.limitMs,
    Connector: CorkingConnector,
    // While Redis loads its data: how often it is asked whether it is done.
    maxLoadingRetryTime: 500,
  }
}

/** What waits at a primary that becomes a replica is sent away, and disconnected: it did nothing, and is asked again. */
function isUnblocked({ message }: Error): boolean {
  return message.startsWith('UNBLOCKED')
}

/** A replica that is still one is asked again at this pace. */
const replicaPauseMs = 1000

/**
 * After a failover a connection may still lead to the old primary, now a replica, that refuses writes for ever: only a new
 * connection finds the new one. A command of the waiting manner is taken along there; alone, even if it was part of a MULTI,
 * so that what must be done together is a script. (A node of a cluster says itself who its successor is.)
 */
function reconnection(manner: RedisManner): RedisOptions {
  let refusedAt = -Infinity
  let leaving = false
  return {
    reconnectOnError: (error) => {
      if (manner === 'waiting' && isUnblocked(error)) return 2
      if (!/\bREADONLY\b/.test(error.message)) return false
      refusedAt = performance.now()
      if (manner === 'waiting') return 2
      // Of a burst of refusals the first is enough to leave the connection; the others fail either way.
      const isFirst = !leaving
      leaving = true
      return isFirst ? 1 : false
    },
    // Asked once the connection is gone.
    retryStrategy: (times) => {
      leaving = false
      return performance.now() - refusedAt < replicaPauseMs ? replicaPauseMs : pauseBefore(times)
    },
  }
}

function pauseBefore(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 6), 1000)
}
