import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const guarded = new Set<number>()
let guardian: ChildProcess | undefined

/**
 * Makes sure that the process group `pid` ends with this process, and `temporaryFolder` with the group, however this
 * process ends: even killed outright, when it can see to nothing itself. Returns the way to call that off, for when the
 * group has ended by itself.
 */
export function guard(pid: number, temporaryFolder = ''): () => void {
  guarded.add(pid)
  guardian ??= startGuardian()
  guardian.stdin?.write(`+${pid} ${temporaryFolder}\n`)
  return () => {
    guarded.delete(pid)
    guardian?.stdin?.write(`-${pid}\n`)
    if (guarded.size > 0) return
    guardian?.stdin?.end()
    guardian = undefined
  }
}

/** It holds the other end of a pipe from this process, and acts when that closes. */
function startGuardian(): ChildProcess {
  const file = fileURLToPath(new URL('guardian.js', import.meta.url))
  // In a session of its own, so that a Ctrl-C meant for this process leaves it alive to do its work.
  const child = spawn(process.execPath, [file], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  child.stdin.on('error', () => undefined) // It was killed: then nobody guards, which is no reason to stop.
  return child
}
