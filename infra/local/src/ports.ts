import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port somebody is to listen on: `owner` is that program's name, `variable` the environment variable that changes it. */
export type PortClaim = { readonly port: number; readonly owner: string; readonly variable: string }

/** Below those that systems give to connections as they are made, which could take one before who is to listen on it does. */
const [lowest, highest] = [15_000, 32_000]

/**
 * A TCP port that nothing listens on just now. On Linux nobody else is given it, nor tries it, while this process lives: its program may
 * be killed, and is to have it again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest)
    if ((await reserve(port)) && !(await isTaken(port))) return port
  }
}

/** Whether it is ours from now on, by a socket that has no file and ends with the process: https://man7.org/linux/man-pages/man7/unix.7.html */
async function reserve(port: number): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const mark = createServer().listen(`\0ott-port-${port}`)
  try {
    await once(mark, 'listening')
  } catch {
    return false
  }
  mark.unref()
  return true
}

/** Says what stands in the way of these ports, a line for each: taken already, or asked for twice. None is good. */
export async function portFaults(claims: readonly PortClaim[]): Promise<string[]> {
  const taken = await Promise.all(claims.map(({ port }) => isTaken(port)))
  return claims.flatMap(({ port, owner, variable }, index) => {
    const change = `set ${variable} to another port.`
    const rival = claims.slice(0, index).find((earlier) => earlier.port === port)
    if (rival !== undefined) return [`Port ${port} is meant for both ${rival.owner} and ${owner}: ${change}`]
    return taken[index] === true
      ? [`Port ${port}, meant for ${owner}, is already in use. Stop the program that has it, or ${change}`]
      : []
  })
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return true
  }
  server.close()
  await once(server, 'close')
  return false
}
