import { expect, test } from '@jest/globals'

import { findPrograms } from './find-programs.ts'

test('programs are the apps that serve, bundled or not, and no other', async () => {
  const programs = await findPrograms()
  expect(programs).toEqual(expect.arrayContaining(['board', 'worker']))
  expect(programs).not.toEqual(expect.arrayContaining(['cli']))
})
