import { z } from 'zod'

/** How Redis's refusals begin that tell of its state rather than of our command: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const troubledState =
  /^-?(LOADING|READONLY|OOM|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOREPLICAS|BUSY|UNBLOCKED|NOAUTH|WRONGPASS|NOPERM|ERR max number of clients)\b/

/** What ioredis names the errors of a connection that was lost with commands under way. */
const lostConnection = new Set(['AbortError', 'InterruptError', 'MaxRetriesPerRequestError', 'ClusterAllFailedError'])

/** What ioredis says in errors that have no name of their own. */
const ofConnection = new Set([
  'Command timed out',
  'Connection is closed.',
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Cluster isn't ready and enableOfflineQueue options is false",
  'None of startup nodes is available',
])

/** What ioredis says once a cluster's nodes have sent a command to each other too often. */
const redirected = /^Too many Cluster redirections\b/

/** Errors of the system among them: those alone have a `syscall`. */
const Rejection = z.object({ name: z.string(), message: z.string(), syscall: z.string().optional() })

/**
 * Whether a command's rejection tells of trouble with Redis: it is away, hangs, does not let us in, or is in a state in which it
 * does not do what it usually does. False for all else: it is a fault of our own.
 */
export function isRedisTrouble(error: unknown): boolean {
  const rejection = Rejection.safeParse(error).data
  if (rejection === undefined) return false
  const { name, message, syscall } = rejection
  if (name === 'ReplyError') return troubledState.test(message)
  return lostConnection.has(name) || ofConnection.has(message) || redirected.test(message) || syscall !== undefined
}
