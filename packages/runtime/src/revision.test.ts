import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, expect, test } from '@jest/globals'

import { readEnvironment } from './environment.ts'
import { BuildEnvironment, checkedOut } from './revision.ts'

const [commit, other] = ['0123456789abcdef'.repeat(3).slice(0, 40), 'f'.repeat(40)]
let folder = ''

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ott-revision-'))))
afterEach(() => rm(folder, { recursive: true }))

/** Writes files as git has them. */
async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${content}\n`)
  }
}

const packed = `# pack-refs with: peeled fully-peeled sorted\n${other} refs/heads/ain\n${commit} refs/heads/main`

test.each<{ what: string; files: Readonly<Record<string, string>> }>([
  { what: 'a branch', files: { '.git/HEAD': 'ref: refs/heads/main', '.git/refs/heads/main': commit } },
  { what: 'a branch that git has packed', files: { '.git/HEAD': 'ref: refs/heads/main', '.git/packed-refs': packed } },
  { what: 'a commit alone', files: { '.git/HEAD': commit } },
  {
    what: 'a further worktree',
    files: {
      '.git': 'gitdir: first/.git/worktrees/further',
      'first/.git/worktrees/further/HEAD': 'ref: refs/heads/main',
      'first/.git/worktrees/further/commondir': '../..',
      'first/.git/refs/heads/main': commit,
    },
  },
])('the revision of a checkout is the commit that is checked out: $what', async ({ files }) => {
  await write(files)
  expect(checkedOut(folder)).toBe('0123456789ab')
})

test.each<Readonly<Record<string, string>>>([
  {},
  { '.git/HEAD': 'ref: refs/heads/main' },
  { '.git/HEAD': 'no commit' },
  { '.git': 'gitdir: nowhere' },
])('where nothing is checked out, no revision is told: %j', async (files) => {
  await write(files)
  expect(checkedOut(folder)).toBeUndefined()
})

test('a revision is what may stand in a label, and a sentence is not', () => {
  expect(readEnvironment(BuildEnvironment, { REVISION: 'v1.2.3+0123456' })).toEqual({ REVISION: 'v1.2.3+0123456' })
  expect(readEnvironment(BuildEnvironment, { REVISION: '' })).toEqual({})
  expect(() => readEnvironment(BuildEnvironment, { REVISION: 'my "build"' })).toThrow('REVISION: must be at most 64')
})
