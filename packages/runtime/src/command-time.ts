import { Command } from 'ioredis'

/** A timer that is later than this was kept waiting, with all else in the process. */
const lateMs = 50

/**
 * Has ioredis's `commandTimeout` count the time in which this process ran. After one that stood still (a stalled host, a long collection)
 * timers come before sockets are read: commands would be told that Redis gave no answer where it had, and a moment's standstill be a
 * burst of refusals. ioredis has no place for it but its own class.
 */
export function countRunningTime(): void {
  Command.prototype.setTimeout = setLimit
}

function setLimit(this: Command, limitMs: number): void {
  this['_commandTimeoutTimer'] ??= timer(this, limitMs)
}

function timer(command: Command, limitMs: number): NodeJS.Timeout {
  const dueAt = performance.now() + limitMs
  return setTimeout(() => {
    const late = performance.now() - dueAt
    if (late > lateMs) command['_commandTimeoutTimer'] = timer(command, Math.min(late, limitMs))
    else if (!command.isSettled) command.reject(new Error('Command timed out'))
  }, limitMs)
}
