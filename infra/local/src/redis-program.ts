import { canInstall, findProgram, installPackage } from './debian-package.ts'

/** What to do about a machine without Redis. */
export const noRedisServer = [
  'No redis-server (or valkey-server) on this machine. Do one of these, then try again:',
  '  Debian, Ubuntu:  sudo apt-get install redis-server',
  '  macOS:           brew install redis',
  '  elsewhere:       REDIS_URL=redis://host:6379 in the environment, for a Redis that runs already',
].join('\n')

/** The Redis or Valkey server on PATH. */
export function findRedisServer(): Promise<string | undefined> {
  return findProgram('redis-server', 'valkey-server')
}

/**
 * Makes sure there is a Redis server to start: installs Debian's where that can be done without asking, as root. Rejects
 * with the remedies where it cannot. `say` hears what is being done, before it is.
 */
export async function ensureRedisServer(say: (what: string) => void, root = process.getuid?.() === 0): Promise<void> {
  if ((await findRedisServer()) !== undefined) return
  if (!(await canInstall(root))) throw new Error(noRedisServer)
  say('Installing redis-server with apt-get (its own service is not started)')
  const failure = await installPackage('redis-server')
  if (failure !== undefined) throw new Error(`${failure}\n\n${noRedisServer}`)
  if ((await findRedisServer()) === undefined) throw new Error(noRedisServer)
}
