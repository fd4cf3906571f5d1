import { type Logger, type LoggerOptions, pino } from 'pino'
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

/** JSON lines with levels in words, times in ISO 8601, and no secrets. */
export function loggerOptions(program: string, level: string): LoggerOptions {
  return {
    level,
    base: { program },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  }
}

/** A program's log, on stdout: JSON lines, or on a terminal lines for people. */
export function createLogger(program: string, level: string): Logger {
  const options = loggerOptions(program, level)
  return process.stdout.isTTY ? pino(options, pretty({ sync: true, ignore: 'program' })) : pino(options)
}
