import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { z } from 'zod'

/** Where a checkout has its `.git`, seen from here: an image has nothing there. */
const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** So many characters of a commit tell it from every other one. */
const shownLength = 12

/** What every program reads that tells in its metrics what runs. */
export const BuildEnvironment = z.object({
  REVISION: z
    .string()
    .regex(/^[\w.+-]{1,64}$/, 'must be at most 64 letters, digits, or any of . _ + -')
    .optional()
    .describe(
      'what was built, for `ott_build_info`. Else the commit of the checkout that the program runs from, or `unknown`; the Dockerfile has an argument for it',
    ),
})

/**
 * The commit that is checked out there, if git has something checked out. Git's own files are asked: git may be missing, or refuse to
 * tell anything of what belongs to somebody else.
 */
export function checkedOut(folder: string = repository): string | undefined {
  try {
    const git = gitFolder(join(folder, '.git'))
    const head = read(git, 'HEAD')
    const name = /^ref: (\S+)$/.exec(head)?.[1]
    const commit = name === undefined ? head : commitOf(name, git)
    return /^[0-9a-f]{40,64}$/.test(commit) ? commit.slice(0, shownLength) : undefined
  } catch {
    return undefined
  }
}

/** A further worktree, https://git-scm.com/docs/gitrepository-layout, has a file that says where its folder is. */
function gitFolder(path: string): string {
  if (statSync(path).isDirectory()) return path
  return resolve(path, '..', readFileSync(path, 'utf8').trim().replace('gitdir: ', ''))
}

/** Its branches are those of the first one. */
function commitOf(name: string, git: string): string {
  const shared = resolve(git, tryTo(() => read(git, 'commondir')) ?? '.')
  return (
    tryTo(() => read(shared, name)) ??
    read(shared, 'packed-refs')
      .split('\n')
      .find((line) => line.endsWith(` ${name}`))
      ?.split(' ')[0] ??
    ''
  )
}

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8').trim()
}

function tryTo<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
