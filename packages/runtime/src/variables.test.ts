import { expect, test } from '@jest/globals'
import { z } from 'zod'

import { count } from './environment.ts'
import { describeVariables, helpOf } from './variables.ts'

const Environment = z
  .object({
    PORT: count(1).default(8080).describe('where it listens'),
    HOSTS: z
      .string()
      .default('a,b')
      .transform((hosts) => hosts.split(','))
      .pipe(z.array(z.string()))
      .describe('whom it calls'),
    SHARDS: z
      .string()
      .transform((text) => ({ text }))
      .prefault('all')
      .describe('which it takes'),
    KEY: z.string().describe('seals'),
    LIMIT: count(0).optional().describe('no limit unless set'),
  })
  .refine(() => true)
  .transform((environment) => ({ ...environment, more: true }))

test('of each variable it is known what it is for, whether it must be set, and what it is otherwise', () => {
  expect(describeVariables(Environment)).toEqual([
    { name: 'PORT', description: 'where it listens', isRequired: false, usual: '8080' },
    { name: 'HOSTS', description: 'whom it calls', isRequired: false, usual: 'a,b' },
    { name: 'SHARDS', description: 'which it takes', isRequired: false, usual: 'all' },
    { name: 'KEY', description: 'seals', isRequired: true, usual: '' },
    { name: 'LIMIT', description: 'no limit unless set', isRequired: false, usual: '' },
  ])
})

test('a program’s help has a line for each', () => {
  expect(helpOf('worker', describeVariables(Environment)).split('\n').slice(2)).toEqual([
    '  PORT    where it listens (default: 8080)',
    '  HOSTS   whom it calls (default: a,b)',
    '  SHARDS  which it takes (default: all)',
    '  KEY     seals (required)',
    '  LIMIT   no limit unless set',
    '',
  ])
})

test('a variable that nothing is said of is a mistake that is told', () => {
  expect(() => describeVariables(z.object({ PORT: z.string() }))).toThrow('PORT needs a description')
})
