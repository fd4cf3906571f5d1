import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'

import { runOnce } from './run-once.ts'

/** Variables of what runs on this machine. Kept in a file that only this user can read: `ott` uses it too. */
export type LocalEnv = Readonly<Record<string, string>>

/** The demo's user of the board. */
export const boardUser = 'demo'

/** Reads the file; nothing where there is none. */
export async function readLocalEnv(file: string): Promise<LocalEnv> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return Object.fromEntries(Object.entries(parseEnv(text)).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

/** Values are in single quotes: a hash has dollar signs in it. */
export async function writeLocalEnv(file: string, variables: LocalEnv): Promise<void> {
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'`)
  const head = '# Kept by `npm start` for what it runs on this machine. Its keys open what is in its Redis.'
  await writeFile(file, `${[head, ...lines].join('\n')}\n`, { mode: 0o600 })
}

/** The keys and the board's password that a first start makes up, where the environment or an earlier start has none. */
export async function withKeys(kept: LocalEnv, environment: Readonly<Record<string, string | undefined>>) {
  const key = (name: string): string => environment[name] || kept[name] || randomBytes(32).toString('base64')
  const password = kept['BOARD_PASSWORD'] ?? randomBytes(9).toString('base64url')
  return {
    CREDENTIALS_KEY: key('CREDENTIALS_KEY'),
    TOKEN_KEY: key('TOKEN_KEY'),
    BOARD_PASSWORD: password,
    BOARD_USERS: kept['BOARD_USERS'] ?? `${boardUser}:${await hashed(password)}`,
  }
}

async function hashed(password: string): Promise<string> {
  return (await runOnce({ file: 'apps/board/dist/hash-password.js', env: {}, input: `${password}\n` })).trim()
}
