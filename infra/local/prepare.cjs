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

/** Installs and builds what has to be; returns what stood in the way. */
async function prepare(root) {
  const fault = nodeFault(process.version, process.execPath)
  if (fault !== undefined) return fault
  const { install, needsInstall } = require('./prepare/install.cjs')
  const { build, needsBuild } = require('./prepare/build.cjs')
  const { step } = require('./prepare/step.cjs')
  const missing = needsInstall(root) ? await step('Installing dependencies', (say) => install(root, say)) : undefined
  if (missing !== undefined || !needsBuild(root)) return missing
  return step('Building', () => build(root))
}

async function main() {
  const fault = await prepare(`${__dirname}/../..`)
  if (fault === undefined) return
  console.error(fault)
  process.exitCode = 1
}

module.exports = { nodeFault }

if (require.main === module) void main()
