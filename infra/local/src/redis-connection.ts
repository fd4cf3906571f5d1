import { once } from 'node:events'
import { connect as connectPlainly } from 'node:net'
import { connect as connectSecurely } from 'node:tls'

type Reply = string | number | null

/** A connection for a handful of commands, one after the other: all that is needed here, and no dependency. */
export type RedisConnection = {
  /** Sends a command. Rejects with Redis's own words when it refuses. */
  readonly call: (...words: readonly string[]) => Promise<Reply>
  readonly close: () => void
}

/** Connects to the Redis at a `redis://` or `rediss://` URL, as the user it names. Rejects when that is not possible. */
export async function connectRedis(url: string): Promise<RedisConnection> {
  const { protocol, hostname: host, port, username, password } = new URL(url)
  const address = { host, port: Number(port || 6379) }
  const secure = protocol === 'rediss:'
  const socket = secure ? connectSecurely({ ...address, servername: host }) : connectPlainly(address)
  await once(socket, secure ? 'secureConnect' : 'connect')
  let received = ''
  let waiting: PromiseWithResolvers<Reply> | undefined
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    const parsed = parseReply(received)
    if (parsed === undefined) return
    received = received.slice(parsed.length)
    if (parsed.reply instanceof Error) waiting?.reject(parsed.reply)
    else waiting?.resolve(parsed.reply)
  })
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('Redis closed the connection')))
  const call = async (...words: readonly string[]): Promise<Reply> => {
    waiting = Promise.withResolvers<Reply>()
    socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`)
    return waiting.promise
  }
  if (password !== '') {
    const user = username === '' ? [] : [decodeURIComponent(username)]
    await call('AUTH', ...user, decodeURIComponent(password))
  }
  return { call, close: () => void socket.destroy() }
}

/** Reads one reply from the start of the text: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
function parseReply(text: string): { readonly reply: Reply | Error; readonly length: number } | undefined {
  const end = text.indexOf('\r\n')
  if (end === -1) return undefined
  const line = text.slice(1, end)
  const length = end + 2
  switch (text.charAt(0)) {
    case '+':
      return { reply: line, length }
    case '-':
      return { reply: new Error(line), length }
    case ':':
      return { reply: Number(line), length }
    case '$': {
      const size = Number(line)
      if (size === -1) return { reply: null, length }
      const whole = length + size + 2
      return text.length < whole ? undefined : { reply: text.slice(length, length + size), length: whole }
    }
    default:
      return { reply: new Error(`Redis answered what was not asked for: ${line}`), length }
  }
}
