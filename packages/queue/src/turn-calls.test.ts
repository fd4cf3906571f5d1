import { expect, test } from '@jest/globals'
import { untilTrue } from '@ott/local/testing'

import { TurnCalls, type TurnCallsOptions } from './turn-calls.ts'

/** Calls whose answers are given by hand: each piece that is sent, and what answers it. */
function byHand(options: Partial<TurnCallsOptions<number, number>> = {}) {
  const pieces: { readonly questions: readonly number[]; readonly answer: PromiseWithResolvers<(number | Error)[]> }[] =
    []
  const { promise: sent, resolve } = Promise.withResolvers<void>()
  const answerAll = (questions: readonly number[]) => {
    const answer = Promise.withResolvers<(number | Error)[]>()
    pieces.push({ questions, answer })
    resolve()
    return answer.promise
  }
  const calls = new TurnCalls<number, number>({ answerAll, ...options })
  return { calls, pieces, sent }
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

test('calls of one turn go together; those made while they are answered go next, a hundred at most', async () => {
  const { calls, pieces, sent } = byHand()
  const first = Promise.all(numbers(0, 3).map((number) => calls.ask(number)))
  await sent
  const later = Promise.all(numbers(3, 120).map((number) => calls.ask(number)))
  for (const [index, size] of [3, 100, 20].entries()) {
    const piece = pieces[index]
    expect(piece?.questions).toHaveLength(size)
    piece?.answer.resolve(piece.questions.map((number) => number * 2))
    await new Promise(setImmediate)
  }
  expect(await first).toEqual([0, 2, 4])
  expect(await later).toEqual(numbers(3, 120).map((number) => number * 2))
})

test('each call hears its own error; where the whole piece fails, all in it hear so and the next piece goes', async () => {
  const { calls, pieces, sent } = byHand()
  const first = Promise.allSettled([calls.ask(1), calls.ask(2)])
  await sent
  const later = Promise.allSettled([calls.ask(3), calls.ask(4)])
  pieces[0]?.answer.reject(new Error('Redis is away'))
  expect(await first).toMatchObject([
    { reason: { message: 'Redis is away' } },
    { reason: { message: 'Redis is away' } },
  ])
  pieces[1]?.answer.resolve([3, new Error('another worker has it')])
  expect(await later).toMatchObject([{ value: 3 }, { reason: { message: 'another worker has it' } }])
})

const nextTurn = () => new Promise(setImmediate)

test('a whole piece does not wait for the answer to those before it, where several may be under way; what is left goes with the last', async () => {
  const { calls, pieces } = byHand({ piecesMax: 2 })
  const all = Promise.all(numbers(0, 350).map((number) => calls.ask(number)))
  await nextTurn()
  expect(pieces.map(({ questions }) => questions.length)).toEqual([100, 100])
  for (const [index, size] of [100, 100, 100, 50].entries()) {
    const piece = pieces[index]
    expect(piece?.questions).toHaveLength(size)
    piece?.answer.resolve([...piece.questions])
    await nextTurn()
  }
  expect(pieces).toHaveLength(4)
  expect(await all).toEqual(numbers(0, 350))
})

test('what has waited for longer than anybody waits for it is not sent', async () => {
  const { calls, pieces, sent } = byHand({ waitMaxMs: 100 })
  const first = calls.ask(1)
  await sent
  const late = Promise.allSettled([calls.ask(2), calls.ask(3)])
  const startedAt = performance.now()
  await untilTrue(() => performance.now() > startedAt + 100)
  const inTime = calls.ask(4)
  pieces[0]?.answer.resolve([1])
  expect(await late).toMatchObject([{ reason: { name: 'NotSentInTime' } }, { reason: { name: 'NotSentInTime' } }])
  await first
  expect(pieces[1]?.questions).toEqual([4])
  pieces[1]?.answer.resolve([4])
  expect(await inTime).toBe(4)
})
