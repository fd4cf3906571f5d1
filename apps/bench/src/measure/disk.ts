import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** About what Redis appends for a message. */
const appended = Buffer.alloc(1024, '.')

/**
 * How long the disk takes to have an append of 1 KB for certain (`fdatasync`), as Redis asks of it for every message, in
 * milliseconds, of each try. One after the other, for so many seconds, in a file that goes.
 */
export async function timeSyncs(folder: string, seconds: number): Promise<number[]> {
  const path = join(folder, 'sync-probe')
  const file = await open(path, 'a')
  const took: number[] = []
  try {
    const endsAt = performance.now() + seconds * 1000
    while (performance.now() < endsAt) {
      const startedAt = performance.now()
      await file.write(appended)
      await file.datasync()
      took.push(performance.now() - startedAt)
    }
  } finally {
    await file.close()
    await rm(path)
  }
  return took
}
