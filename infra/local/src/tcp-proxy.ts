import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** What stands between a program and a server, and may fail it as networks do. */
export type TcpProxy = {
  /** The server's URL, by way of this. */
  readonly url: string
  /** From now on nothing passes, and nobody is told: as when a machine vanishes. New connections are made, and as silent. */
  readonly silence: () => void
  /** New connections lead to the server of that URL, and pass. Those there are stay as they are. */
  readonly leadTo: (url: string) => void
  readonly close: () => Promise<void>
}

/** Starts a proxy in front of the server of a URL, which keeps its user, password and path. */
export async function startTcpProxy(url: string): Promise<TcpProxy> {
  let target = new URL(url)
  let passes = true
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    sockets.add(near.on('error', () => undefined))
    if (!passes) return
    const far = connect(Number(target.port), target.hostname).on('error', () => near.destroy())
    sockets.add(far)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const own = new URL(url)
  own.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`
  return {
    url: own.href,
    silence: () => {
      passes = false
      for (const socket of sockets) socket.unpipe().pause()
    },
    leadTo: (other) => {
      target = new URL(other)
      passes = true
    },
    close: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
