const { createHash } = require('node:crypto')
const { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const { bundlePrograms, bundledFiles } = require('./bundle.cjs')
const { listRooms } = require('./rooms.cjs')
const { run } = require('./run.cjs')

/** What says how programs are bundled. */
const bundling = 'infra/local/prepare/bundle.cjs'

/** Whether a source, or what it is compiled with, is another than when all was built, or something built is gone. */
function needsBuild(root) {
  const stamp = stampFile(root)
  return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint(root) || builtFiles(root).some(isGone)
}

/** Compiles what changed, and bundles programs; returns the complaints of whoever had some. */
async function build(root) {
  const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR
  // What changes while the compiler works may have come too late for it.
  const before = fingerprint(root)
  const tsc = join(root, 'node_modules/.bin/tsc')
  const { status, output } = await run(tsc, ['-b', '--pretty', String(coloured)], { cwd: root })
  if (status !== 0) return output
  for (const room of listRooms(root)) removeStale(join(root, room))
  const complaint = await bundlePrograms(root)
  if (complaint !== undefined) return complaint
  writeFileSync(stampFile(root), before)
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

/** What the built files follow from: the packages installed, and size and time of change of every source and configuration. */
function fingerprint(root) {
  const configurations = ['tsconfig.json', 'tsconfig.base.json', bundling, 'node_modules/.installed']
  const ofRooms = listRooms(root).flatMap((room) =>
    sourcesOf(root, room).concat(join(room, 'package.json'), join(room, 'tsconfig.json')),
  )
  const hash = createHash('sha256')
  for (const file of [...configurations, ...ofRooms]) {
    const found = statSync(join(root, file), { throwIfNoEntry: false })
    hash.update(`${file} ${found?.size} ${found?.mtimeMs}\n`)
  }
  return hash.digest('hex')
}

/** A room's sources, from the repository's root. */
function sourcesOf(root, room) {
  const folder = join(root, room, 'src')
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'))
  return names.map((name) => join(room, 'src', name))
}

function builtFiles(root) {
  const compiled = listRooms(root).flatMap((room) =>
    sourcesOf(root, room).map((source) => {
      const name = source.slice(join(room, 'src').length)
      return join(root, room, 'dist', name.replace(/\.ts$/, '.js'))
    }),
  )
  return [...compiled, ...bundledFiles(root)]
}

function isGone(file) {
  return !existsSync(file)
}

function stampFile(root) {
  return join(root, 'node_modules', '.built')
}

module.exports = { build, needsBuild, removeStale }
