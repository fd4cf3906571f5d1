import { expect, test } from '@jest/globals'

import { inWords, readResults, sumResults, toResults } from './test-results.ts'

const passed = (fullName: string) => ({ fullName, status: 'passed' })
const failed = (fullName: string) => ({ fullName, status: 'failed' })

const report = {
  numPassedTests: 2,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [
    { name: '/r/dist/good.test.js', status: 'passed', assertionResults: [passed('a'), passed('b')] },
    { name: '/r/dist/bad.test.js', status: 'failed', assertionResults: [failed('c'), passed('d'), failed('e')] },
    { name: '/r/dist/broken.test.js', status: 'failed', assertionResults: [] },
  ],
}

test('every failed test is named, and a file that could not run counts as one', () => {
  expect(toResults('packages/queue', report)).toEqual({
    passed: 2,
    skipped: 2,
    failures: ['packages/queue: c', 'packages/queue: e', 'packages/queue: broken.test.js could not run'],
  })
})

test('a room whose tests left no results has failed', () => {
  expect(readResults('packages/no-such-room')).toEqual({
    passed: 0,
    skipped: 0,
    failures: ['packages/no-such-room: its tests left no results'],
  })
})

test('the rooms add up', () => {
  const sum = sumResults([
    { passed: 3, skipped: 0, failures: ['x'] },
    { passed: 4, skipped: 2, failures: [] },
  ])
  expect(sum).toEqual({ passed: 7, skipped: 2, failures: ['x'] })
  expect(inWords(sum)).toBe('7 passed, 1 failed, 2 skipped')
})

test('what was not skipped is not mentioned', () => {
  expect(inWords({ passed: 7, skipped: 0, failures: [] })).toBe('7 passed, 0 failed')
})
