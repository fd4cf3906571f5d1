import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { repository } from './repository.ts'

/** The folders in apps, in order, of what serves until it is told to stop: compiled of `src/main.ts`, or bundled of `src/program.ts`. */
export async function findPrograms(): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob('apps/*/src/{main,program}.ts', { cwd: repository })) {
    if ((await readFile(join(repository, file), 'utf8')).includes('runProgram(')) found.push(file.split('/')[1] ?? '')
  }
  return found.toSorted()
}
