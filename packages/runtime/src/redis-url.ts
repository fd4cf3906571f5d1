/** The nodes of a Redis Cluster by which the others are found, and how one logs in to each. */
export type ClusterUrl = {
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  /** Whether connections are encrypted. */
  readonly secure: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  /** As people are told where it is: without user and password. */
  readonly address: string
}

const usualPort = 6379

/**
 * What a REDIS_URL of several nodes says: `redis://host:port,redis://host:port` or `redis://host:port,host:port`. `undefined` for
 * that of a single Redis. Throws an Error, without user and password, when it cannot be meant so.
 */
export function parseClusterUrl(url: string): ClusterUrl | undefined {
  if (!url.includes(',')) return undefined
  const [first, ...others] = url.split(',').map((part) => part.trim())
  const protocol = /^rediss?:\/\//.exec(first ?? '')?.[0] ?? ''
  const [leader, ...nodes] = [first ?? '', ...others].map((part) =>
    parseNode(part.includes('://') ? part : `${protocol}${part}`),
  )
  if (leader === undefined) return undefined
  for (const node of nodes) checkNode(node, leader)
  const { username, password, protocol: scheme } = leader
  return {
    nodes: [leader, ...nodes].map(({ hostname, port }) => ({
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port || usualPort),
    })),
    secure: scheme === 'rediss:',
    address: `${scheme}//${[leader, ...nodes].map(({ host }) => host).join(',')}`,
    username: username === '' ? undefined : decodeURIComponent(username),
    password: password === '' ? undefined : decodeURIComponent(password),
  }
}

/** What is wrong with a REDIS_URL, and `undefined` when nothing is. */
export function redisUrlFault(url: string): string | undefined {
  try {
    if (parseClusterUrl(url) === undefined) parseNode(url)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Where Redis is, without user and password. */
export function redisAddress(url: string): string {
  const cluster = parseClusterUrl(url)
  if (cluster !== undefined) return cluster.address
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

function parseNode(text: string): URL {
  const url = URL.parse(text)
  if (url !== null && url.hostname !== '' && /^rediss?:$/.test(url.protocol)) return url
  throw new Error(
    'must be a URL such as redis://127.0.0.1:6379, or for a Redis Cluster several separated by commas: ' +
      'redis://10.0.0.1:6379,redis://10.0.0.2:6379 (a comma within a password is written %2C)',
  )
}

function checkNode(node: URL, first: URL): void {
  if (node.protocol !== first.protocol)
    throw new Error('mixes redis:// and rediss://: the nodes of a cluster are reached with TLS, or all without')
  const { username, password } = node
  if ((username !== '' || password !== '') && (username !== first.username || password !== first.password))
    throw new Error('names another user or password for a further node: those of the first are used for all')
  for (const { pathname, search } of [first, node]) {
    if (!/^\/?0?$/.test(pathname))
      throw new Error('names a database: a Redis Cluster has but number 0, so that the path must be left out')
    if (search !== '') throw new Error('has options after a `?`, which are taken with a single Redis only')
  }
}
