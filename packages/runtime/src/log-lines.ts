import { createLogger, type Logger } from './logger.ts'

/** A log for tests to read: each line with its level and its message. */
export function readableLog(): { readonly logger: Logger; readonly lines: readonly Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  return { logger: createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) }), lines }
}
