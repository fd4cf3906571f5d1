import { expect, test } from '@jest/globals'

import { theirTurn } from './their-turn.ts'

test('all that wait in a turn of the event loop go on together, and whoever comes later in another', async () => {
  const done: string[] = []
  const later = (async () => {
    await theirTurn()
    done.push('first')
    await theirTurn()
    done.push('first again')
  })()
  await theirTurn()
  done.push('second')
  await later
  expect(done).toEqual(['first', 'second', 'first again'])
})
