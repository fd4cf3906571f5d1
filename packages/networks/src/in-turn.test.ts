import { expect, test } from '@jest/globals'

import { inTurn } from './in-turn.ts'

test('what is to be done in a turn is done together and in order, and what comes of it in the next', async () => {
  const done: string[] = []
  const told = new Promise<void>((resolve) => {
    inTurn(() => {
      done.push('first')
      inTurn(() => {
        done.push('next')
        resolve()
      })
      queueMicrotask(() => done.push('after the turn'))
    })
    inTurn(() => done.push('second'))
  })
  await told
  expect(done).toEqual(['first', 'second', 'after the turn', 'next'])
})
