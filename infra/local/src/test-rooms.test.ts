import { expect, test } from '@jest/globals'

import { chooseRooms, roomsWithTests } from './test-rooms.ts'

const rooms = ['apps/ingress', 'infra/local', 'packages/queue']

test('all rooms are tested unless some are asked for, by folder or by name', () => {
  expect(chooseRooms(rooms, [])).toEqual(rooms)
  expect(chooseRooms(rooms, ['queue', 'apps/ingress/'])).toEqual(['packages/queue', 'apps/ingress'])
})

test('a room that is not there is told with those that are', () => {
  expect(() => chooseRooms(rooms, ['quue'])).toThrow(
    'No room named quue has tests. There are: apps/ingress, infra/local',
  )
})

test('the rooms that have tests are found by their tests', async () => {
  expect(await roomsWithTests()).toContain('infra/local')
})
