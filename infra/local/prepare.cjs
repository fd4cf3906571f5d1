// What `npm start`, `npm test`, `npm run build` and `npm run check` do first: install what is missing, build what changed.
// It starts on whatever Node the machine has. So this file keeps to syntax that Node 12 reads, and loads the others (which
// need not) only once the Node is known to be good enough: a Node too old is told so, not left to fail on a question mark.

const nodeMajorLeast = 20

/** Why a Node will not do; undefined when it will. */
function nodeFault(version, path) {
  if (Number(version.replace('v', '').split('.')[0]) >= nodeMajorLeast) return undefined
  return (
    `This needs Node ${nodeMajorLeast} or newer to begin with, and found ${version} (${path}). ` +
    'Get one from https://nodejs.org/ or from a version manager, then try again.'
  )
}

/** Does the work, saying what and for how long. */
function step(label, work) {
  const startedAt = Date.now()
  process.stdout.write(`${label} … `)
  const fault = work()
  const seconds = (Date.now() - startedAt) / 1000
  process.stdout.write(fault === undefined ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s\n` : 'failed\n')
  return fault
}

/** Installs and builds; returns what stood in the way. */
function prepare(root) {
  const fault = nodeFault(process.version, process.execPath)
  if (fault !== undefined) return fault
  const { install, needsInstall } = require('./prepare/install.cjs')
  const { build } = require('./prepare/build.cjs')
  const missing = needsInstall(root) ? step('Installing dependencies', () => install(root)) : undefined
  return missing === undefined ? step('Building', () => build(root)) : missing
}

module.exports = { nodeFault }

if (require.main === module) {
  const fault = prepare(`${__dirname}/../..`)
  if (fault !== undefined) {
    console.error(fault)
    process.exitCode = 1
  }
}
