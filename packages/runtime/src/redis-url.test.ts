import { expect, test } from '@jest/globals'

import { parseClusterUrl, redisAddress, redisUrlFault } from './redis-url.ts'

test.each(['redis://me:a%2Cb@h1:7001,redis://h2:7002,redis://[::1]', 'redis://me:a%2Cb@h1:7001,h2:7002, [::1]:6379'])(
  '%s is a cluster, and one logs in to each node as to the first',
  (url) => {
    expect(parseClusterUrl(url)).toMatchObject({
      nodes: [
        { host: 'h1', port: 7001 },
        { host: 'h2', port: 7002 },
        { host: '::1', port: 6379 },
      ],
      secure: false,
      username: 'me',
      password: 'a,b',
    })
    expect(redisAddress(url)).toMatch(/^redis:\/\/h1:7001,h2:7002,\[::1\](:6379)?$/)
  },
)

test('one URL is a single Redis', () => {
  expect([parseClusterUrl('redis://h1:7001/3'), redisUrlFault('redis://h1:7001/3')]).toEqual([undefined, undefined])
})

test.each([
  ['redis://h1,rediss://h2', 'mixes redis:// and rediss://'],
  ['redis://h1/1,h2', 'names a database'],
  ['redis://h1,h2/1', 'names a database'],
  ['redis://a:hunter2@h1,redis://b:hunter2@h2', 'names another user or password'],
  ['redis://h1?family=6,h2', 'has options'],
  ['redis://h1,', 'must be a URL such as'],
  ['h1:1,h2:2', 'must be a URL such as'],
  ['redis://:hunter,2@h1', 'a comma within a password is written %2C'],
])('%s is refused: it %s', (url, fault) => {
  expect(redisUrlFault(url)).toContain(fault)
  expect(redisUrlFault(url)).not.toContain('hunter')
})
