const { createHash } = require('node:crypto')
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const { listRooms } = require('./rooms.cjs')
const { run } = require('./run.cjs')

/** Errors that say the network is at fault, or the registry's address. */
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/

/** How pnpm begins to tell how far it has come, where it is not on a terminal. */
const progress = 'Progress: '

/** Whether the packages that are there are not the ones that should be. */
function needsInstall(root) {
  const stamp = stampFile(root)
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint(root)) return true
  return listRooms(root).some((room) => {
    const { dependencies, devDependencies } = readManifest(join(root, room))
    const wanted = Object.keys({ ...dependencies, ...devDependencies })
    return wanted.some((name) => !existsSync(join(root, room, 'node_modules', name)))
  })
}

/** Installs what the lock file names; returns what stood in the way. `say` is told how far it has come. */
async function install(root, say) {
  // A registry out of reach is to be told within seconds (npm's own pauses add up to minutes), and nobody is there to be asked.
  const env = {
    ...process.env,
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '5000',
    npm_config_confirm_modules_purge: 'false',
    npm_config_update_notifier: 'false',
  }
  const { packageManager } = readManifest(root)
  const onLine = (line) => line.startsWith(progress) && say(line.slice(progress.length))
  const args = ['-y', packageManager, 'install', '--frozen-lockfile']
  const { status, output } = await run('npx', args, { cwd: root, env, onLine })
  if (status !== 0) return `${output}\n\n${await installAdvice(output)}`
  markInstalled(root)
  return undefined
}

/** Notes that the packages are the ones that should be. */
function markInstalled(root) {
  writeFileSync(stampFile(root), fingerprint(root))
}

/** What to do about a failed installation, going by what it printed. */
async function installAdvice(output) {
  if (output.includes('ERR_PNPM_OUTDATED_LOCKFILE'))
    return 'A package.json changed and pnpm-lock.yaml did not: run `npx pnpm install` and commit the lock file.'
  if (!unreachable.test(output)) return 'The dependencies could not be installed; what pnpm said is above.'
  const registry = (await run('npm', ['config', 'get', 'registry'])).stdout.trim()
  return (
    `The package registry could not be reached. It is ${registry}, as \`npm config get registry\` says. Check the network ` +
    '(behind a proxy: HTTPS_PROXY), or choose another registry with `npm config set registry <url>`, then try again.'
  )
}

/** What the installed packages follow from. */
function fingerprint(root) {
  const manifests = ['.', ...listRooms(root)].map((room) => {
    const { packageManager, dependencies, devDependencies } = readManifest(join(root, room))
    return [room, packageManager, dependencies, devDependencies]
  })
  const hash = createHash('sha256').update(JSON.stringify([process.platform, process.arch, manifests]))
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function stampFile(root) {
  return join(root, 'node_modules', '.installed')
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

module.exports = { install, installAdvice, markInstalled, needsInstall }
