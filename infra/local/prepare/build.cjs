const { existsSync, readdirSync, rmSync } = require('node:fs')
const { join } = require('node:path')

const { listRooms } = require('./rooms.cjs')
const { run } = require('./run.cjs')

/** Compiles what changed; returns the compiler's complaints. */
function build(root) {
  const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR
  const { status, output } = run(join(root, 'node_modules/.bin/tsc'), ['-b', '--pretty', String(coloured)], {
    cwd: root,
  })
  if (status !== 0) return output
  for (const room of listRooms(root)) removeStale(join(root, room))
  return undefined
}

/** Removes what was built from a source that is no more: a deleted test would be run for ever. */
function removeStale(room) {
  const dist = join(room, 'dist')
  if (!existsSync(dist)) return
  for (const name of readdirSync(dist, { recursive: true })) {
    const source = name.replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts')
    if (source !== name && !existsSync(join(room, 'src', source))) rmSync(join(dist, name))
  }
}

module.exports = { build, removeStale }
