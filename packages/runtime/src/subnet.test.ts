import { expect, test } from '@jest/globals'

import { subnetOf } from './subnet.ts'

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', '::/64'],
])('the address %j counts as %s', (address, subnet) => {
  expect(subnetOf(address)).toBe(subnet)
})
