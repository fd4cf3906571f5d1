import { readFileSync } from 'node:fs'

import { z } from 'zod'

/** The version of the repository, which all its packages share. */
export const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))
