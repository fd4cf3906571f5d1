import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'
import { build as pretty } from 'pino-pretty'

export type { Logger }

/** What must never be in a log line; in the likely places it comes out as `[redacted]` should it get there all the same. */
const secretNames = [
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
]

/** Named one by one: pino's wildcards make a line twenty times as dear (90 µs against 4). */
const places = ['', 'attributes.', 'headers.', 'sender.attributes.']

/**
 * A program's log: JSON lines with levels in words and times in ISO 8601, without secrets. They go to stdout, where a
 * terminal gets lines for people instead, unless a destination is given.
 */
export function createLogger(program: string, level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { program },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: places.flatMap((place) => secretNames.map((name) => place + name)), censor: '[redacted]' },
  }
  if (destination !== undefined) return pino(options, destination)
  return process.stdout.isTTY ? pino(options, pretty({ sync: true, ignore: 'program' })) : pino(options)
}
