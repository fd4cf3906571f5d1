const { spawn } = require('node:child_process')
const { createInterface } = require('node:readline')

/**
 * Runs a command. `output` is all it printed, to be shown only if it failed; `onLine` hears each line of its standard output as it
 * comes.
 */
async function run(command, args, { onLine = () => undefined, ...options } = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, output] = ['', '']
  createInterface({ input: child.stdout }).on('line', onLine)
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: null, stdout, output: `${output}${error.message}`.trim() }))
    child.once('close', (status) => resolve({ status, stdout, output: output.trim() }))
  })
}

module.exports = { run }
