import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'
import { build as pretty } from 'pino-pretty'

export type { Logger }

/** Whatever path a secret might take into a log line, it comes out as `[redacted]`. */
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
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  }
  if (destination !== undefined) return pino(options, destination)
  return process.stdout.isTTY ? pino(options, pretty({ sync: true, ignore: 'program' })) : pino(options)
}
