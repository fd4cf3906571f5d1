const { spawnSync } = require('node:child_process')

/** Runs a command. `output` is all it printed, to be shown only if it failed. */
function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: 'utf8', maxBuffer: 1e8 })
  return { status, stdout: stdout ?? '', output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim() }
}

module.exports = { run }
