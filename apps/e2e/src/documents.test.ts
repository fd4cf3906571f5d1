import { expect, test } from '@jest/globals'

import { brokenLinks, documents } from './documents.ts'

test('every link of the documents leads to a file and a heading that are there', async () => {
  const all = await documents()
  expect(all).toEqual(expect.arrayContaining(['README.md', 'docs/guarantees.md', 'apps/sandbox/README.md']))
  expect((await Promise.all(all.map(brokenLinks))).flat()).toEqual([])
})
