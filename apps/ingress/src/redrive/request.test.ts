import { beforeEach, expect, test } from '@jest/globals'

import { problemsOf, useIngress } from '../use-ingress.ts'

let redrives = 0
beforeEach(() => void (redrives = 0))
const ingress = useIngress({
  redriveFailed: async () => {
    redrives += 1
    return { redriven: 1, byReason: { window: 1 }, skipped: {}, looked: 1 }
  },
})

/** The problems with a redrive that is none of those that only tell. */
async function problemsWith(body: object): Promise<string[]> {
  const answer = await ingress.post('/ott/v1/redrive', { dryRun: false, ...body })
  expect({ status: answer.status, redrives }).toEqual({ status: 400, redrives: 0 })
  return problemsOf(answer)
}

const time = 'must be a date and time with its zone, such as 2026-11-23T09:30:00Z'
const position = { network: 'pigeon', failedOn: 1, id: 'a', until: 1 }
const empty = 'must not be empty: leave it out to mean all'

test.each<[object, ...string[]]>([
  [{ senderType: 'pigeon' }, '10005 Sender Type is invalid'],
  [{ reasons: 'window' }, '10001 Reasons must be a list'],
  [{ reasons: ['window', ''] }, '10002 Reasons has an empty value'],
  [{ failedFrom: 'yesterday', failedTo: '2026-11-23T09:30:00' }, `10005 FailedFrom ${time}`, `10005 FailedTo ${time}`],
  [
    { failedFrom: '2026-11-24T00:00:00Z', failedTo: '2026-11-23T00:00:00Z' },
    '10005 FailedFrom must not be after FailedTo',
  ],
  [{ dryRun: 'no' }, '10001 DryRun must be true or false'],
  [{ limit: 10_001 }, '10005 Limit must be a whole number from 1 to 10000'],
  [{ limit: 0 }, '10005 Limit must be a whole number from 1 to 10000'],
  [{ cursor: 'x' }, '10005 Cursor is invalid: send the one of the answer before, as it is'],
  [
    { cursor: Buffer.from(JSON.stringify(position)).toString('base64url') },
    '10005 Cursor is invalid: send the one of the answer before, as it is',
  ],
  [{ SENDERID: '', senderType: null }, `10005 senderId ${empty}`, `10005 senderType ${empty}`],
])('%j is refused, and nothing is redriven', async (body, ...problems) => {
  expect(await problemsWith(body)).toEqual(problems)
})

test('a criterion whose name is not known is refused, not passed over: it would widen what is redriven', async () => {
  const [problem] = await problemsWith({ sender: '2' })
  expect(problem).toMatch(/^10005 The request body has a property that is none of senderType, senderId, /)
})

test('a reason that there is not is refused, and those there are told', async () => {
  const [problem] = await problemsWith({ reasons: ['bad luck'] })
  expect(problem).toMatch(/^10005 Reasons has a value other than no-answer, .*, rejected$/)
})

test('property names come in any case', async () => {
  const body = { DRYRUN: false, SenderType: 'LINE', senderid: 1_656_000_000, REASONS: ['Window'], LIMIT: '5' }
  const { json } = await ingress.post('/ott/v1/redrive', body)
  expect(json).toEqual({ dryRun: false, redriven: 1, byReason: { window: 1 }, skipped: {} })
})
