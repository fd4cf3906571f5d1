import { spawnSync } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'

/** What to do about a machine without Redis. */
export const noRedisServer = [
  'No redis-server (or valkey-server) on this machine. Do one of these, then try again:',
  '  Debian, Ubuntu:  sudo apt-get install redis-server',
  '  macOS:           brew install redis',
  '  elsewhere:       REDIS_URL=redis://host:6379 in the environment, for a Redis that runs already',
].join('\n')

/** The Redis or Valkey server on PATH. */
export async function findRedisServer(path = process.env['PATH'] ?? ''): Promise<string | undefined> {
  return (await findProgram('redis-server', path)) ?? (await findProgram('valkey-server', path))
}

/**
 * Makes sure there is a Redis server to start: installs Debian's where that can be done without asking, as root. Rejects
 * with the remedies where it cannot. `say` hears what is being done, before it is.
 */
export async function ensureRedisServer(say: (what: string) => void, root = process.getuid?.() === 0): Promise<void> {
  const path = process.env['PATH'] ?? ''
  if ((await findRedisServer(path)) !== undefined) return
  const aptGet = await findProgram('apt-get', path)
  if (aptGet === undefined || !root) throw new Error(noRedisServer)
  say('Installing redis-server with apt-get (its own service is not started)')
  const failure = install(aptGet)
  if (failure !== undefined) throw new Error(`${failure}\n\n${noRedisServer}`)
  if ((await findRedisServer(path)) === undefined) throw new Error(noRedisServer)
}

/** Installs it, with fresh package lists if the ones there do not do. Returns what went wrong. */
function install(aptGet: string): string | undefined {
  // SYSTEMD_OFFLINE: systemctl then leaves services alone, so that the package does not start its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', SYSTEMD_OFFLINE: '1' }
  const run = (...args: string[]) => spawnSync(aptGet, ['-q', '-y', ...args], { env, encoding: 'utf8' })
  const wanted = ['install', '--no-install-recommends', 'redis-server']
  let result = run(...wanted)
  if (result.status !== 0) {
    run('update')
    result = run(...wanted)
  }
  return result.status === 0 ? undefined : `apt-get could not install redis-server:\n${result.stdout}${result.stderr}`
}

async function findProgram(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(':').filter((entry) => entry !== '')) {
    const file = join(folder, name)
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) return file
  }
  return undefined
}
