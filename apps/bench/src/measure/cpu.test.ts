import { expect, test } from '@jest/globals'

import { cpuOf, residentOf, toCpu, toResident } from './cpu.ts'

const fields = 'S 1 4242 4242 0 -1 4194560 9000 0 12 0 731 269 5 7 20 0 11 0 1000 2005412000 96000 18446744073709551615'

test('CPU time is the process’s own, in user and system mode, not that of children it has waited for', () => {
  expect(toCpu(`4242 (node) ${fields}`)).toBe(10_000_000)
})

test('a process may have any name', () => {
  expect(toCpu(`4242 (a) R (b c) ${fields}`)).toBe(10_000_000)
})

test('what is no account of CPU time is no zero', () => {
  expect(() => toCpu('')).toThrow('no /proc/<pid>/stat')
})

test('resident memory comes in bytes', () => {
  expect(toResident('Name:\tnode\nVmPeak:\t  900 kB\nVmRSS:\t   1024 kB\nRssAnon:\t 1 kB\n')).toBe(1024 * 1024)
  expect(() => toResident('Name:\tkthreadd\n')).toThrow('VmRSS')
})

const testOnLinux = process.platform === 'linux' ? test : test.skip

testOnLinux('a running process is read', async () => {
  expect(await cpuOf(process.pid)).toBeGreaterThan(0)
  expect(await residentOf(process.pid)).toBeGreaterThan(10 * 1024 * 1024)
})
