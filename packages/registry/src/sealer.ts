import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Something was sealed with a key that this program was not given. It can be read once the key is. */
export class UnknownKey extends Error {
  override readonly name = 'UnknownKey'

  constructor(keyId: string) {
    super(
      `a secret is sealed with the key ${keyId}, which is not among CREDENTIALS_KEY. ` +
        'Give this program the key that the secret was sealed with, beside the new one if there is one',
    )
  }
}

/** Seals secrets for storage, with authenticated encryption. */
export type Sealer = {
  /** `context` says whose secret it is: sealed for one place, it cannot be opened in another. */
  readonly seal: (secret: string, context: string) => string
  /** Throws {@link UnknownKey}, or an Error when what is stored was changed or belongs to another context. */
  readonly open: (sealed: string, context: string) => string
  /** Whether it was sealed with the key that seals now. */
  readonly isCurrent: (sealed: string) => boolean
}

/** The first of the keys, each of 32 bytes, seals; all of them open. */
export function createSealer(keys: readonly [Buffer, ...Buffer[]]): Sealer {
  const byId = new Map(keys.map((key) => [keyIdOf(key), key]))
  const [current] = keys
  const currentId = keyIdOf(current)
  return {
    seal: (secret, context) => {
      const nonce = randomBytes(nonceBytes)
      const sealing = createCipheriv(cipher, current, nonce).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([nonce, sealing.update(secret, 'utf8'), sealing.final(), sealing.getAuthTag()])
      return `${currentId}.${sealed.toString('base64url')}`
    },
    open: (sealed, context) => {
      const [keyId = '', text = ''] = sealed.split('.')
      const key = byId.get(keyId)
      if (key === undefined) throw new UnknownKey(keyId)
      const bytes = Buffer.from(text, 'base64url')
      const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      opening.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-tagBytes))
      return opening.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + opening.final('utf8')
    },
    isCurrent: (sealed) => sealed.startsWith(`${currentId}.`),
  }
}

/** Names a key without telling it. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('ott key id').update(key).digest('hex').slice(0, 8)
}
