import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Takes a folder for this process alone, for as long as it lives: two Redis servers on one folder would ruin its data.
 * Throws when another process has it.
 */
export function lockFolder(folder: string): void {
  const file = join(folder, 'lock')
  const holder = readHolder(file)
  if (isAnother(holder))
    throw new Error(
      `${folder} is in use by process ${holder}, another \`npm start\` of this repository. Stop that first.`,
    )
  rmSync(file, { force: true })
  writeFileSync(file, String(process.pid), { flag: 'wx' })
  process.once('exit', () => rmSync(file, { force: true }))
}

function readHolder(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return 0
  }
}

/** A number that is our own was left behind by a process in an earlier life of this container. */
function isAnother(pid: number): boolean {
  try {
    return pid > 0 && pid !== process.pid && process.kill(pid, 0)
  } catch {
    return false
  }
}
