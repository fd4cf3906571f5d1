import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

/** A command that Redis is given: its name and arguments as `MONITOR` writes them, and whether a script gives it. */
type SeenCommand = { readonly words: readonly string[]; readonly byScript: boolean }

/** `+1795508326.143229 [0 127.0.0.1:57636] "ping"`: https://redis.io/docs/latest/commands/monitor/ */
const line = /^\+[\d.]+ \[\d+ (?<source>[^\]]+)\] (?<words>.*)$/

/**
 * Tells of each command that this Redis is given from now on, until what it resolves with is called. ioredis's own monitor fails
 * where a command is told of in one piece with the answer to MONITOR itself.
 */
export async function watchRedis(url: string, onCommand: (seen: SeenCommand) => void): Promise<() => void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const told = createInterface(socket)
  told.on('line', (text) => {
    const { source, words } = line.exec(text)?.groups ?? {}
    if (words !== undefined) onCommand({ words: wordsOf(words), byScript: source === 'lua' })
  })
  const begun = once(told, 'line')
  socket.write('MONITOR\r\n')
  await begun
  return () => void socket.destroy()
}

function wordsOf(text: string): string[] {
  return Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, word = '']) => word)
}
