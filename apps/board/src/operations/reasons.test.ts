import { readFile } from 'node:fs/promises'

import { expect, test } from '@jest/globals'
import { DeferralReason, RefusalReason } from '@ott/delivery'

const script = await readFile(new URL('../../public/reasons.js', import.meta.url), 'utf8')

test.each([...DeferralReason.options, ...RefusalReason.options])(
  'the page says what it means that deliveries fail for %s, and what to do',
  (reason) => {
    expect(script).toMatch(new RegExp(`^  '?${reason}'?: '[A-Z].{20,}\\.',$`, 'm'))
  },
)
