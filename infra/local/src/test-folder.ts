import { access, constants, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where Linux keeps files in memory: https://www.kernel.org/doc/html/latest/filesystems/tmpfs.html */
const inMemory = '/dev/shm'

/** Several times what all tests keep at a time. */
const bytesLeast = 2 * 1024 ** 3

/**
 * Where tests keep their files, those of their Redis servers among them: the folder that TMPDIR names, else in memory, if there is room.
 * A disk that is shared stalls for a second now and then, which a Redis that has each write on it before it answers passes on; what
 * comes of that has tests of its own, which do not wait for it to happen.
 */
export async function testFolder(chosen = process.env['TMPDIR'] ?? '', memory = inMemory): Promise<string> {
  if (chosen !== '') return chosen
  return (await isRoomy(memory)) && (await runsPrograms(memory)) ? memory : tmpdir()
}

async function isRoomy(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize >= bytesLeast
  } catch {
    return false // Not every system has it.
  }
}

/** Tests write programs too; some machines allow none there. */
async function runsPrograms(folder: string): Promise<boolean> {
  try {
    const own = await mkdtemp(join(folder, 'ott-test-folder-'))
    try {
      const program = join(own, 'program')
      await writeFile(program, '', { mode: 0o700 })
      await access(program, constants.X_OK)
      return true
    } finally {
      await rm(own, { recursive: true })
    }
  } catch {
    return false
  }
}
