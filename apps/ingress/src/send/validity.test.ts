import { expect, test } from '@jest/globals'

import { problemsOf, useIngress } from '../use-ingress.ts'
import { toLine } from './requests.ts'

const ingress = useIngress()
const inMinutes = useIngress({ validityUnit: 'minutes' })

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Sends with this validity period: what is queued of it, or what is told. */
async function send(validityPeriod: unknown, { post, queued } = ingress) {
  const answer = await post('/ott/v1/send', toLine({ validityPeriod }))
  const [delivery] = queued
  if (answer.status !== 201 || delivery === undefined) return problemsOf(answer)
  const { validity, createdAt, expiresAt } = delivery
  return { validity, lastsMs: expiresAt === undefined ? undefined : expiresAt - createdAt }
}

test.each([
  ['PT30M', 30 * minute],
  ['P1DT12H', 36 * hour],
  ['P2W', 14 * day],
  ['PT90S', 90 * second],
  ['P1D', day],
  ['PT1H30M5S', hour + 30 * minute + 5 * second],
  ['P1WT1H', 7 * day + hour],
  ['pt30m', 30 * minute],
  ['+PT30M', 30 * minute],
  ['PT0.5H', 30 * minute],
  ['PT1,5S', 1.5 * second],
  ['PT0.0001S', 1],
  ['P3653D', 3653 * day],
])('a delivery of validity %s expires after that time', async (validityPeriod, lastsMs) => {
  expect(await send(validityPeriod)).toEqual({ validity: validityPeriod, lastsMs })
})

const notADuration = '10005 Validity Period must be an ISO 8601 duration such as PT30M, P1DT12H or P2W'
const calendar =
  '10005 Validity Period must be given in weeks, days, hours, minutes or seconds: years and months have no fixed length'
const none = '10005 Validity Period must be longer than zero'
const long = '10005 Validity Period must not be longer than 10 years'

test.each([
  ...[
    'P',
    'PT',
    'P1',
    'P1H',
    'PT1D',
    'P1DT',
    'PT5M1H',
    'P-1D',
    'P1.D',
    'PT30',
    'P T30M',
    'Pt30mm',
    '+P',
    'preferably soon',
  ].map((given) => [given, notADuration]),
  ...['P1M', 'P1Y', 'P1Y2M3DT4H', 'P0M'].map((given) => [given, calendar]),
  ...['PT0S', 'P0D', '-PT30M', 'PT0.0S'].map((given) => [given, none]),
  ...['P3654D', 'P522W', 'PT99999999999999H', `P${'9'.repeat(400)}D`].map((given) => [given, long]),
])('a validity period that begins like a duration and is no good is refused: %s', async (given, problem) => {
  expect(await send(given)).toEqual([problem])
})

test.each([
  [30, '30'],
  ['30', '30'],
  ['0', '0'],
  [-5, '-5'],
  ['1e9', '1e9'],
  ['30 minutes', '30 minutes'],
  ['2026-12-31T23:59:59Z', '2026-12-31T23:59:59Z'],
  ['1d', '1d'],
])(
  'what says nothing here is kept as the original keeps it, and nothing follows from it: %p',
  async (given, validity) => {
    expect(await send(given)).toEqual({ validity, lastsMs: undefined })
  },
)

test.each([
  [30, '30', 30 * minute],
  ['30', '30', 30 * minute],
  [' 30 ', ' 30 ', 30 * minute],
  ['1.5', '1.5', 90 * second],
  ['PT30S', 'PT30S', 30 * second],
  ['30 minutes', '30 minutes', undefined],
])('where the operator has said what a bare number counts, it is enforced: %p', async (given, validity, lastsMs) => {
  expect(await send(given, inMinutes)).toEqual({ validity, lastsMs })
})

test.each([
  ['0', none],
  [0, none],
  [-5, none],
  [3653 * 24 * 60 + 1, long],
])('where a bare number is enforced, one that cannot be meant is refused: %p', async (given, problem) => {
  expect(await send(given, inMinutes)).toEqual([problem])
})
