import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach } from '@jest/globals'

/** Gives each test of a file a PATH of its own, with no programs on it but those it adds. */
export function usePath() {
  const before = process.env['PATH']
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ott-path-'))
    process.env['PATH'] = folder
  })
  afterEach(async () => {
    process.env['PATH'] = before
    await rm(folder, { recursive: true })
  })
  return {
    /** The folder that is all of PATH. */
    folder: () => folder,
    addProgram: async (name: string, script: string): Promise<void> => {
      await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
      await chmod(join(folder, name), 0o755)
    },
  }
}
