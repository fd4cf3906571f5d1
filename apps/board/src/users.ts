import { readFile } from 'node:fs/promises'

import { StartFailure } from '@ott/runtime'

/** Who may log in: the hash of each one's password, by name. */
export type Users = ReadonlyMap<string, string>

/** A hash has neither comma nor colon: it is `scrypt$<salt>$<hash>`. */
const entry = /^([\w.@-]{1,64}):(scrypt\$[\w-]+\$[\w-]+)$/

const howToAddOne =
  'Make a hash with `node apps/board/dist/hash-password.js`, which asks for the password, and set ' +
  "BOARD_USERS='<name>:<hash>' (in single quotes: there are $ in it), or write the same on a line of BOARD_USERS_FILE."

export type UsersEnvironment = {
  /** `name:hash`, separated by commas. */
  readonly BOARD_USERS?: string | undefined
  /** A file with a `name:hash` on each line. */
  readonly BOARD_USERS_FILE?: string | undefined
}

/** Reads the users of both places. Throws {@link StartFailure} unless there is one at least, and each has one readable entry. */
export async function readUsers({ BOARD_USERS: list, BOARD_USERS_FILE: file }: UsersEnvironment): Promise<Users> {
  const entries = [
    ...(list === undefined ? [] : toEntries(list, ',', 'BOARD_USERS')),
    ...(file === undefined ? [] : toEntries(await read(file), '\n', file)),
  ]
  const users = new Map(entries)
  if (users.size === 0) throw new StartFailure(`nobody may log in to the board. ${howToAddOne}`)
  if (users.size < entries.length)
    throw new StartFailure('two users of the board have the same name. Remove one of them.')
  return users
}

/** An entry that cannot be read is told by its place, never by its text: a password may stand where its hash should. */
function toEntries(text: string, separator: string, place: string): [string, string][] {
  return text.split(separator).flatMap((line, index): [string, string][] => {
    if (line.trim() === '') return []
    const [, name, hash] = entry.exec(line.trim()) ?? []
    if (name === undefined || hash === undefined)
      throw new StartFailure(`entry ${index + 1} of ${place} is not <name>:<hash>. ${howToAddOne}`)
    return [[name, hash]]
  })
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new StartFailure(`BOARD_USERS_FILE cannot be read (${String(cause)}).`, { cause })
  }
}
