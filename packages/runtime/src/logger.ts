import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'
import { build as pretty } from 'pino-pretty'

export type { Logger }

/** What must never be in a log line; wherever it may get there all the same, it comes out as `[redacted]`. */
const secretNames: ReadonlySet<string> = new Set([
  'authorization',
  'access_token',
  'accessToken',
  'appsecret_proof',
  'client_secret',
  'channelSecret',
  'applicationSecret',
  'pageAccessToken',
  'callbackVerifyToken',
  'customerConnectSecret',
])

/** So deep in a line secrets are looked for: `senders[0].attributes.channelSecret`. */
const secretDepth = 4

/**
 * A program's log: JSON lines with levels in words and times in ISO 8601, without secrets. They go to stdout, where a
 * terminal gets lines for people instead, unless a destination is given. `further` is asked for more fields at each line.
 */
export function createLogger(
  program: string,
  level: string,
  destination?: DestinationStream,
  further?: () => object,
): Logger {
  const options: LoggerOptions = {
    level,
    base: { program },
    timestamp: isoTime,
    formatters: { level: (label) => ({ level: label }), log: (fields) => withoutSecrets(fields) },
    // It is in its form for the log by then.
    serializers: { err: (shown: unknown) => shown },
    ...(further !== undefined && { mixin: further }),
  }
  if (destination !== undefined) return pino(options, destination)
  return pino(options, process.stdout.isTTY ? pretty({ sync: true, ignore: 'program' }) : stdout())
}

/** The second that lines were last written in, since 1970, and what it begins with as text. */
const written = { second: -1, text: '' }

/** A line's time: as pino's own isoTime, but that the text of a second is made once in it. */
function isoTime(): string {
  const now = Date.now()
  const second = Math.floor(now / 1000)
  if (second !== written.second)
    Object.assign(written, { second, text: new Date(second * 1000).toISOString().slice(0, -4) })
  return `,"time":"${written.text}${String(now % 1000).padStart(3, '0')}Z"`
}

/**
 * The same fields where there are no secrets in them, as nearly always: pino's own redaction takes each object to pieces that
 * has the name of one in which a secret might be.
 */
function withoutSecrets(fields: Record<string, unknown>, depth = 1): Record<string, unknown> {
  let shown = fields
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    const clean = secretNames.has(name) ? '[redacted]' : depth < secretDepth ? cleaned(value, depth + 1) : value
    if (clean === value) continue
    if (shown === fields) shown = Array.isArray(fields) ? Object.assign([], fields) : { ...fields }
    shown[name] = clean
  }
  return shown
}

/** Whatever a value's prototype: headers have none, and an error carries what its maker put into it. */
function cleaned(value: unknown, depth: number): unknown {
  if (value instanceof Error) return withoutSecrets({ ...pino.stdSerializers.err(value) }, depth)
  return isObject(value) ? withoutSecrets(value, depth) : value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/**
 * Lines go to stdout so many characters at a time: a write for each line is a tenth of what a busy ingress does. A pipe takes
 * 4096 bytes in one piece, so that the lines of several processes do not mix: https://man7.org/linux/man-pages/man7/pipe.7.html
 */
const gathered = { minLength: 3072, maxWrite: 4096 }

/** A line is on its way after this at the latest. Only a program that is killed can lose what it logged since. */
const gatheredMs = 100

/** Stdout, to which lines go together. Those left when the program ends by itself, whatever the way, are written then. */
function openStdout(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true, ...gathered })
  process.on('exit', () => output.flushSync())
  let flush: NodeJS.Timeout | undefined
  return {
    write: (line) => {
      output.write(line)
      flush ??= setTimeout(() => {
        flush = undefined
        output.flush()
      }, gatheredMs).unref()
    },
  }
}

let gatheringStdout: DestinationStream | undefined

/** One for all loggers of a program. */
function stdout(): DestinationStream {
  gatheringStdout ??= openStdout()
  return gatheringStdout
}
