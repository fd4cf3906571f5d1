import type { Socket } from 'node:net'

import type { StandaloneConnectionOptions } from 'ioredis'
import { StandaloneConnector } from 'ioredis/built/connectors/index.js'

/**
 * How ioredis connects, but that the commands of one turn of the event loop go to the system in one write. A write costs more
 * than all else that is done for a command here. Being an option, it goes along to duplicates, and to each node of a cluster.
 */
export class CorkingConnector extends StandaloneConnector {
  constructor(options: unknown) {
    super(isOptions(options) ? options : {})
  }

  override async connect(...emitter: Parameters<StandaloneConnector['connect']>): Promise<Socket> {
    return corkTurns(await super.connect(...emitter))
  }
}

/** ioredis gives the options that it was made with itself, and leaves their type open. */
function isOptions(options: unknown): options is StandaloneConnectionOptions {
  return typeof options === 'object' && options !== null
}

/** A lone command is written as soon as the turn's other events have been seen to: at once, in a process that idles. */
function corkTurns(socket: Socket): Socket {
  const write = socket.write.bind(socket)
  let corked = false
  const uncork = (): void => {
    corked = false
    socket.uncork()
  }
  socket.write = (chunk: string | Uint8Array): boolean => {
    if (!corked) {
      corked = true
      socket.cork()
      setImmediate(uncork)
    }
    return write(chunk)
  }
  return socket
}
