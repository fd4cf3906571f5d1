import { expect, test } from '@jest/globals'

import { readTurbo, type RoomRun } from './test-run.ts'

const rooms = ['packages/queue', 'apps/worker', 'infra/local']

function listen() {
  const runs: RoomRun[] = []
  const complaints: string[] = []
  const reader = readTurbo(rooms, { onRoom: (run) => runs.push(run), onComplaint: (line) => complaints.push(line) })
  const hear = (source: string, text: string, level = 'stdout') => reader.read(JSON.stringify({ source, level, text }))
  return { runs, complaints, hear, reader }
}

const farewell = 'Test results written to: test-results.json'

test('the lines of rooms that run at the same time are told apart, and the tests’ own lines from what is around them', () => {
  const { runs, hear } = listen()
  hear('@ott/queue#test', 'cache miss, executing 3c0ffee')
  hear('@ott/worker#test', 'cache hit, replaying logs 3c0ffee')
  hear('@ott/queue#test', '> jest --json')
  hear('@ott/worker#test', 'PASS dist/attempt.test.js')
  hear('@ott/queue#test', 'FAIL dist/backoff.test.js')
  hear('@ott/worker#test', farewell)
  hear('@ott/queue#test', farewell)
  expect(runs).toEqual([
    { room: 'apps/worker', cached: true, output: ['PASS dist/attempt.test.js'] },
    { room: 'packages/queue', cached: false, output: ['FAIL dist/backoff.test.js'] },
  ])
})

test('a room that never said goodbye is told with all it printed when turbo ends', () => {
  const { runs, hear, reader } = listen()
  hear('@ott/local#test', 'Segmentation fault')
  reader.end()
  expect(runs.find(({ room }) => room === 'infra/local')).toEqual({
    room: 'infra/local',
    cached: false,
    output: ['Segmentation fault'],
  })
  expect(runs).toHaveLength(rooms.length)
})

test('what turbo itself has to say against the run is passed on', () => {
  const { complaints, hear, reader } = listen()
  hear('turbo', 'Running test in 3 packages', 'info')
  hear('turbo', 'command (/repo/packages/queue) pnpm run test exited (1)', 'error')
  reader.read('  x Unable to find package manager binary')
  expect(complaints).toEqual(['turbo:   x Unable to find package manager binary'])
})
