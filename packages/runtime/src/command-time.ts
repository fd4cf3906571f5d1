import { Command } from 'ioredis'

/**
 * Has ioredis's `commandTimeout` count the time in which this process ran, up to once more the limit. After one that stood still (a stalled
 * host, a long collection) timers come before sockets are read: a start would fail, and a check find Redis away, though it had answered.
 * ioredis has no place for it but its own class.
 */
export function countRunningTime(): void {
  Command.prototype.setTimeout = setLimit
}

function setLimit(this: Command, limitMs: number): void {
  this['_commandTimeoutTimer'] ??= timer(this, limitMs)
}

/** A timer that is late was kept waiting, with all else in the process: for as long the command has time once more. */
function timer(command: Command, limitMs: number): NodeJS.Timeout {
  const dueAt = performance.now() + limitMs
  const giveUp = (): void => {
    if (!command.isSettled) command.reject(new Error('Command timed out'))
  }
  return setTimeout(() => {
    const lateMs = performance.now() - dueAt
    command['_commandTimeoutTimer'] = setTimeout(giveUp, Math.min(lateMs, limitMs))
  }, limitMs)
}
