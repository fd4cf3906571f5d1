import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

// A program of its own, started by guard.ts: reads `+<group> <temporary folder>` and `-<group>`, and ends the groups that
// remain when its input does.

const patienceMs = 3000

const folders = new Map<number, string>()
for await (const line of createInterface({ input: process.stdin })) {
  const [, sign, group, folder = ''] = /^([+-])(\d+) ?(.*)$/.exec(line) ?? []
  if (sign === '+') folders.set(Number(group), folder)
  else folders.delete(Number(group))
}
signalAll('SIGTERM')
for (let waitedMs = 0; folders.size > 0 && waitedMs < patienceMs; waitedMs += 50) {
  await setTimeout(50)
  signalAll(0)
}
signalAll('SIGKILL')
await setTimeout(50)
signalAll(0)

function signalAll(signal: NodeJS.Signals | 0): void {
  for (const [group, folder] of folders) {
    try {
      process.kill(-group, signal)
    } catch {
      // It has ended.
      folders.delete(group)
      if (folder !== '') rmSync(folder, { recursive: true, force: true })
    }
  }
}
