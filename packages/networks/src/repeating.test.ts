import { expect, test } from '@jest/globals'
import { type Answer, type Call, NoAnswer } from '@ott/delivery'

import { repeating } from './repeating.ts'

const ok = { status: 200, headers: {}, body: undefined }
const failed = { ...ok, status: 500 }
const busy = { ...ok, status: 429 }
const lost = new NoAnswer('network.example gave no answer (ECONNRESET)', true)
const unreached = new NoAnswer('network.example gave no answer (ECONNREFUSED)', false)

/** Makes a call that gets these one after the other, each a second later by the clock it is told. */
function calling(outcomes: (Answer | NoAnswer)[], changes: Partial<Call> = {}) {
  let now = 0
  let made = 0
  const exchange = repeating(
    async () => {
      now += 1000
      const outcome = outcomes[made++] ?? ok
      if (outcome instanceof NoAnswer) throw outcome
      return outcome
    },
    { firstRepeatMs: 1, now: () => now },
  )
  const answered = exchange({
    method: 'POST',
    url: 'https://network.example/send',
    headers: {},
    signal: new AbortController().signal,
    repeatable: true,
    passing: ({ status }) => status >= 500,
    leavesOpen: ({ status }) => status >= 500,
    ...changes,
  })
  return { answered, made: () => made }
}

test('no call is made after the time that it is to be made by', async () => {
  const { answered, made } = calling([ok], { notAfter: -1 })
  await expect(answered).rejects.toMatchObject({ name: 'TooLate' })
  expect(made()).toBe(0)
})

test.each([
  ['answer', failed],
  ['error', lost],
])('no call is made again after that time: the last %s stands', async (_what, last) => {
  const { answered, made } = calling([last, last, ok], { notAfter: 1500 })
  const outcome: unknown = await answered.catch((error: unknown) => error)
  expect(outcome).toMatchObject(last instanceof NoAnswer ? { name: 'NoAnswer', reached: true } : { status: 500 })
  expect(made()).toBe(2)
})

test.each([
  ['an answer that leaves it open', failed],
  ['a lost answer', lost],
])('an answer after %s says so, however many tries there were between them', async (_what, open) => {
  expect(await calling([open, ok]).answered).toMatchObject({ status: 200, afterDoubt: true })
  expect(await calling([open, unreached, busy]).answered).toMatchObject({ status: 429, afterDoubt: true })
  expect(await calling([open, failed, failed, failed]).answered).toMatchObject({ status: 500, afterDoubt: true })
})

test('an answer after tries that never reached the network says nothing of doubt', async () => {
  expect(await calling([unreached, ok]).answered).toEqual(ok)
  const { answered } = calling([failed, ok], { leavesOpen: undefined })
  expect(await answered).toEqual(ok)
})

test('that a last try never reached the network does not make an earlier one forgotten', async () => {
  const { answered } = calling([lost, unreached, unreached, unreached])
  await expect(answered).rejects.toMatchObject({ name: 'NoAnswer', reached: true, cause: unreached })
  const never = calling([unreached, unreached, unreached, unreached])
  await expect(never.answered).rejects.toBe(unreached)
})

test('a call that is not repeatable is made again only when it cannot have been seen', async () => {
  const seen = calling([lost, ok], { repeatable: false })
  await expect(seen.answered).rejects.toBe(lost)
  const unseen = calling([unreached, ok], { repeatable: false })
  expect(await unseen.answered).toEqual(ok)
})
