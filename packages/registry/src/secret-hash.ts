import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt)

/** What OWASP asks of scrypt: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt */
const cost = { N: 2 ** 14, r: 8, p: 5 } as const
const saltBytes = 16
const hashBytes = 32

/** A slow, salted hash of a secret: `scrypt$<salt>$<hash>`. */
export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(secret, salt, hashBytes, cost)
  return ['scrypt', salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Whether the hash is the secret's. Takes the same time whatever the secret, and without a hash as with one. */
export async function matchesSecret(secret: string, hashed = nobodys): Promise<boolean> {
  const [, salt = '', hash = ''] = hashed.split('$')
  const expected = Buffer.from(hash, 'base64url')
  const given = await derive(secret, Buffer.from(salt, 'base64url'), hashBytes, cost)
  return expected.length === hashBytes && timingSafeEqual(given, expected)
}

/** Compared against where there is no such user or client, so that the time does not tell. No secret has this hash. */
const nobodys = `scrypt$${randomBytes(saltBytes).toString('base64url')}$${randomBytes(hashBytes).toString('base64url')}`
