const { existsSync, readdirSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

/** Every workspace package's folder, from the root, as pnpm-workspace.yaml lists them. */
function listRooms(root) {
  const [, listed = ''] =
    /^packages:\n((?: +- .+\n)+)/m.exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) ?? []
  return [...listed.matchAll(/- (.+)/g)]
    .flatMap(([, pattern]) => (pattern.endsWith('/*') ? foldersIn(root, pattern.slice(0, -2)) : [pattern]))
    .filter((room) => existsSync(join(root, room, 'package.json')))
}

function foldersIn(root, folder) {
  return existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => join(folder, name)) : []
}

module.exports = { listRooms }
