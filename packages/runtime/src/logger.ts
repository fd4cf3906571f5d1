import { type Logger, pino } from 'pino'
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

/** JSON lines on stdout; on a terminal, lines for people. */
export function createLogger(program: string, level: string): Logger {
  const options = {
    name: program,
    level,
    base: { program },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  }
  return process.stdout.isTTY
    ? pino({ ...options, formatters: {} }, pretty({ sync: true, ignore: 'pid,hostname,program,name' }))
    : pino(options)
}
