import { z } from 'zod'

import { createSealer, type Sealer } from './sealer.ts'

const keyBytes = 32
const howToMakeOne = '`npm run -s ott -- keys generate` makes one'

/** Keys of 32 bytes in base64, separated by commas. The first one is used for what is new; all serve for what there is. */
export const KeyList = z
  .string({ error: `must be 32 bytes in base64; ${howToMakeOne}` })
  .transform((list, context): [Buffer, ...Buffer[]] => {
    const [first, ...others] = list.split(',').map((key) => Buffer.from(key.trim(), 'base64'))
    if (first !== undefined && [first, ...others].every((key) => key.length === keyBytes)) return [first, ...others]
    context.addIssue({
      code: 'custom',
      message: `must be 32 bytes in base64, or several separated by commas; ${howToMakeOne}`,
    })
    return z.NEVER
  })

/** Of every program that reads or writes senders: their secrets are sealed with it. */
export const CredentialsEnvironment = z.object({
  CREDENTIALS_KEY: KeyList.transform((keys): Sealer => createSealer(keys)).describe(
    "seals senders' secrets: 32 bytes in base64, or several separated by commas, of which the first seals",
  ),
})
