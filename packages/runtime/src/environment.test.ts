import { expect, test } from '@jest/globals'
import { z } from 'zod'

import {
  CommonEnvironment,
  count,
  MemoryGuardEnvironment,
  Port,
  readEnvironment,
  RedisEnvironment,
} from './environment.ts'

const Environment = z.object({
  ...CommonEnvironment.shape,
  ...RedisEnvironment.shape,
  PORT: Port.default(8080),
  SIZE: count(1),
})

test('an environment that sets only what it must gets sane defaults', () => {
  expect(readEnvironment(Environment, { SIZE: '3', UNRELATED: 'x' })).toEqual({
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    REDIS_URL: 'redis://127.0.0.1:6379',
    PORT: 8080,
    SIZE: 3,
  })
})

test('every fault of a bad environment is told at once, each with its variable', () => {
  const bad = { SIZE: '0', PORT: '80800', LOG_LEVEL: 'loud', REDIS_URL: 'localhost' }
  expect(() => readEnvironment(Environment, bad)).toThrow(
    /Bad environment:[^]*LOG_LEVEL: [^]*REDIS_URL: must be a URL such as redis:[^]*PORT: must be at most 65535[^]*SIZE: must be at least 1/,
  )
})

test('a bad value is not repeated in the error: it may be a secret in the wrong place', () => {
  expect(() => readEnvironment(Environment, { SIZE: '1', REDIS_URL: 'http://user:hunter2@host' })).toThrow(
    /^(?![^]*hunter2)/,
  )
})

test('an empty variable counts as not set', () => {
  expect(readEnvironment(Environment, { SIZE: '1', PORT: '' }).PORT).toBe(8080)
})

test.each(['1.5', '-1', '1e3', 'ten', ' 1'])('"%s" is no count', (SIZE) => {
  expect(() => readEnvironment(Environment, { SIZE })).toThrow('SIZE: must be a whole number')
})

test.each(['0', '101', 'most'])('"%s" is no percentage of memory', (REDIS_MEMORY_PERCENT) => {
  expect(() => readEnvironment(MemoryGuardEnvironment, { REDIS_MEMORY_PERCENT })).toThrow(
    'REDIS_MEMORY_PERCENT: must be',
  )
  expect(readEnvironment(MemoryGuardEnvironment, {})).toEqual({ REDIS_MEMORY_PERCENT: 90 })
})
