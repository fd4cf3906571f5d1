import type { LookupAddress, LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'

import { expect, test } from '@jest/globals'

import { isPublicAddress, publicLookup } from './public-address.ts'

test.each(['8.8.8.8', '147.92.146.1', '172.15.255.255', '172.32.0.0', '2a03:2880:f12f:83:face:b00c:0:25de'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

test.each([
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  'localhost',
  '2130706433',
  '',
])('"%s" is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

/** A resolver that gives these answers one after the other. */
function resolver(...answers: string[][]): LookupFunction {
  return (_hostname, _options, callback) => {
    const addresses = answers.shift() ?? []
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}

function find(lookup: LookupFunction, options: LookupOptions = { all: true }): Promise<string | LookupAddress[]> {
  return new Promise((resolve, reject) =>
    lookup('rebind.example', options, (error, address) => (error === null ? resolve(address) : reject(error))),
  )
}

test('a name that says a public address first and a private one next is found only the first time', async () => {
  const lookup = publicLookup(resolver(['8.8.8.8'], ['127.0.0.1']))
  expect(await find(lookup)).toEqual([{ address: '8.8.8.8', family: 4 }])
  await expect(find(lookup)).rejects.toMatchObject({ code: 'ENOTPUBLIC' })
})

test('one private address among public ones is enough not to be found', async () => {
  const lookup = publicLookup(resolver(['8.8.8.8', '2a03:2880::1', '::ffff:10.0.0.1']))
  await expect(find(lookup)).rejects.toMatchObject({ code: 'ENOTPUBLIC' })
})

test('who asks for one address gets one', async () => {
  expect(await find(publicLookup(resolver(['8.8.8.8', '8.8.4.4'])), {})).toBe('8.8.8.8')
  await expect(find(publicLookup(resolver(['8.8.8.8', '10.0.0.1'])), {})).rejects.toMatchObject({ code: 'ENOTPUBLIC' })
})

test('a name without addresses is not found', async () => {
  await expect(find(publicLookup(resolver([])))).rejects.toThrow('rebind.example')
})

test('the system’s own answer is judged too', async () => {
  const local = new Promise((resolve, reject) =>
    publicLookup()('localhost', { all: true }, (error) => (error === null ? resolve('found') : reject(error))),
  )
  await expect(local).rejects.toMatchObject({ code: 'ENOTPUBLIC' })
})
