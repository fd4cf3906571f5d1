import { once } from 'node:events'
import { connect } from 'node:net'

/** What comes back for these bytes on a connection of their own, until the other side ends it. */
export async function exchange(url: string, ...parts: string[]): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
  let received = ''
  socket.setEncoding('utf8').on('data', (text: string) => (received += text))
  for (const part of parts) socket.write(part)
  await once(socket, 'close')
  return received
}
