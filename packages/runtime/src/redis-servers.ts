import { Cluster, type Redis as Connection } from 'ioredis'

/**
 * A Redis, or a Redis Cluster: commands go to whichever node has their key, and those of several keys only to keys that are together
 * by their hash tag. Its `status` is `ready` once commands are taken.
 */
export type Redis = Connection | Cluster

/** A server that takes writes. `connection` is undefined while there is none to it. */
export type Master = { readonly name: string | undefined; readonly connection: Connection | undefined }

/** The connections to servers there are just now. */
export function connectionsOf(redis: Redis): readonly Connection[] {
  return redis instanceof Cluster ? redis.nodes() : [redis]
}

/** Visits each connection to a server there is and will be: the one of a single Redis, and one for each node of a cluster. */
export function eachConnection(redis: Redis, visit: (connection: Connection, name: string | undefined) => void): void {
  if (!(redis instanceof Cluster)) {
    visit(redis, undefined)
    return
  }
  const visitNode = (node: Connection): void => visit(node, nameOf(node))
  for (const node of redis.nodes()) visitNode(node)
  redis.on('+node', visitNode)
}

/** The single Redis, or each node of a cluster that has keys, as far as is known. */
export function mastersOf(redis: Redis): readonly Master[] {
  if (!(redis instanceof Cluster)) return [{ name: undefined, connection: redis }]
  const byName = new Map(redis.nodes().map((node) => [nameOf(node), node]))
  const names = new Set<string>()
  // Not every slot need have a master.
  for (const [master] of Object.values(redis.slots)) if (master !== undefined) names.add(master)
  return [...names].map((name) => ({ name, connection: byName.get(name) }))
}

/** As ioredis names it among a cluster's slots. */
function nameOf({ options }: Connection): string {
  return `${options.host}:${options.port}`
}
