import { afterEach, expect, test } from '@jest/globals'
import { startChild } from '@ott/local'
import { untilTrue } from '@ott/local/testing'

import { type Instance, Member } from './member.ts'

const members: Member[] = []

afterEach(async () => {
  for (const member of members.splice(0)) await member.end()
})

/** A member whose processes do nothing, and each of them. */
async function aMember() {
  const instances: Instance[] = []
  const selfEnds: string[] = []
  const member = new Member(
    'worker-line-1',
    async () => {
      const idle = [
        '-e',
        'setInterval(() => undefined, 60_000); process.once("SIGTERM", () => process.exit(0)); console.log("ready")',
      ]
      const child = await startChild({ command: process.execPath, args: idle, env: {} })
      const instance = { ...child, untilReady: async () => void (await child.untilLine(/ready/)) }
      instances.push(instance)
      return instance
    },
    (how) => void selfEnds.push(how),
  )
  members.push(member)
  await member.start()
  await member.untilReady(Date.now() + 10_000)
  return { member, instances, selfEnds }
}

test('a process that ends by itself is told of, and another is started in its place', async () => {
  const { member, instances, selfEnds } = await aMember()
  await instances[0]?.kill()
  await untilTrue(() => instances.length === 2)
  await member.untilReady(Date.now() + 10_000)
  expect(selfEnds).toEqual(['SIGKILL'])
})

test('a killed process is replaced, which is nobody’s fault, and its successor’s readiness is told', async () => {
  const { member, instances, selfEnds } = await aMember()
  const ready = Promise.withResolvers<number>()
  await member.kill(0, (readyAt) => ready.resolve(readyAt))
  expect(await instances[0]?.ended).toBe('SIGKILL')
  expect(await ready.promise).toBeGreaterThan(0)
  expect([instances.length, selfEnds]).toEqual([2, []])
})

test('what happens to a member happens one after the other, and an orderly stop says how it ended', async () => {
  const { member, instances } = await aMember()
  const frozen: string[] = []
  const thawed = member.freeze(300, () => void frozen.push('frozen'))
  expect(await member.restart(0)).toBe('exit code 0')
  await thawed
  expect([frozen, instances.length]).toEqual([['frozen'], 2])
})

test('what cannot be started at all is not tried again', async () => {
  const member = new Member(
    'redis',
    () => Promise.reject(new Error('no Redis here')),
    () => undefined,
  )
  await expect(member.start()).rejects.toThrow('no Redis here')
})

test('nothing is started in the place of a member that was stopped', async () => {
  const { member, instances } = await aMember()
  expect(await member.stop()).toBe('exit code 0')
  expect(instances).toHaveLength(1)
})
