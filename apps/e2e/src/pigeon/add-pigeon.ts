import { existsSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

// Loaded before a program's own modules: adds the one line that a third network has in the list of networks.

const list = new URL('../../../../packages/networks/dist/index.js', import.meta.url).href
const folder = new URL('pigeon.js', import.meta.url).href

/** A bundle has no list of its own: it is read as the files that it was made of. */
function isBundle(url: string): boolean {
  return url.endsWith('/dist/main.js') && existsSync(new URL('program.js', url))
}

registerHooks({
  load: (url, context, nextLoad) => {
    if (isBundle(url)) return { format: 'module', source: `import './program.js'`, shortCircuit: true }
    const loaded = nextLoad(url, context)
    if (url !== list) return loaded
    const source = readFileSync(new URL(list), 'utf8').replace('{ line, messenger }', '{ line, messenger, pigeon }')
    return { ...loaded, source: `import { pigeon } from '${folder}'\n${source}` }
  },
})
