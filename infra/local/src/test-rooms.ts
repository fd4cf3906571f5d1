import { glob, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { repository } from './repository.ts'
import { resultsFile } from './test-results.ts'

/** The folders of the rooms that have tests, from the repository's root. */
export async function roomsWithTests(): Promise<string[]> {
  const rooms = new Set<string>()
  for await (const file of glob('{apps,packages,infra}/*/src/**/*.test.ts', { cwd: repository }))
    rooms.add(file.split('/').slice(0, 2).join('/'))
  return [...rooms].toSorted()
}

/**
 * The rooms that are asked for, by folder or by its last part: `packages/queue`, `queue`. All, when none is. Throws when
 * there is no such room.
 */
export function chooseRooms(rooms: readonly string[], asked: readonly string[]): readonly string[] {
  if (asked.length === 0) return rooms
  return asked.map((name) => {
    const found = rooms.find((room) => room === name.replace(/\/$/, '') || room.endsWith(`/${name}`))
    if (found === undefined) throw new Error(`No room named ${name} has tests. There are: ${rooms.join(', ')}`)
    return found
  })
}

/** Removes earlier results, so that none can be taken for those of this run. */
export async function forgetResults(rooms: readonly string[]): Promise<void> {
  await Promise.all(rooms.map((room) => rm(join(repository, room, resultsFile), { force: true })))
}
