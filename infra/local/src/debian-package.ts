import { spawnSync } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'

/** The first of these programs that is on PATH. */
export async function findProgram(...names: readonly string[]): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(':').filter((entry) => entry !== '')
  for (const file of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) return file
  }
  return undefined
}

/** Whether Debian's packages can be installed without asking anybody: as root. */
export async function canInstall(root = process.getuid?.() === 0): Promise<boolean> {
  return root && (await findProgram('apt-get')) !== undefined
}

/** Installs a package of Debian's, with fresh package lists if the ones there do not do. Returns what went wrong. */
export async function installPackage(name: string): Promise<string | undefined> {
  const aptGet = (await findProgram('apt-get')) ?? 'apt-get'
  // SYSTEMD_OFFLINE: systemctl then leaves services alone, so that the package does not start its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', SYSTEMD_OFFLINE: '1' }
  const run = (...args: string[]) => spawnSync(aptGet, ['-q', '-y', ...args], { env, encoding: 'utf8' })
  const wanted = ['install', '--no-install-recommends', name]
  let result = run(...wanted)
  if (result.status !== 0) {
    run('update')
    result = run(...wanted)
  }
  return result.status === 0 ? undefined : `apt-get could not install ${name}:\n${result.stdout}${result.stderr}`
}
