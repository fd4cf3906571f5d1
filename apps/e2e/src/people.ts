import { randomBytes } from 'node:crypto'

/** A LINE user id that no other test writes to. */
export function aLineUser(): string {
  return `U${randomBytes(16).toString('hex')}`
}

/** A page-scoped id that no other test writes to: digits, as Messenger's are. */
export function aMessengerUser(): string {
  return randomBytes(6).readUIntBE(0, 6).toString()
}
