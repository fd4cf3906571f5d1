import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

// A program of its own, started by guard.ts: reads `+<pid>` and `-<pid>`, and ends the groups that remain when its input does.

const patienceMs = 3000

const groups = new Set<number>()
for await (const line of createInterface({ input: process.stdin })) {
  const group = Number(line.slice(1))
  if (line.startsWith('+')) groups.add(group)
  else groups.delete(group)
}
signalAll('SIGTERM')
for (let waitedMs = 0; groups.size > 0 && waitedMs < patienceMs; waitedMs += 50) {
  await setTimeout(50)
  signalAll(0)
}
signalAll('SIGKILL')

function signalAll(signal: NodeJS.Signals | 0): void {
  for (const group of groups) {
    try {
      process.kill(-group, signal)
    } catch {
      groups.delete(group) // It has ended.
    }
  }
}
