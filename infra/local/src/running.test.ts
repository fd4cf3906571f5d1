import { expect, test } from '@jest/globals'

import { startChild } from './child.ts'
import { Running } from './running.ts'

const node = (script: string) => startChild({ command: process.execPath, args: ['--eval', script], env: {} })

const untilTold = 'console.log("up"); setInterval(() => undefined, 1000); '

async function startThree(running: Running, script: string): Promise<string[]> {
  const ended: string[] = []
  for (const name of ['first', 'second', 'third']) {
    const child = await node(script)
    await child.untilLine(/up/)
    running.add(name, child)
    void child.ended.then((how) => ended.push(`${name}: ${how}`))
  }
  return ended
}

test('what was started last is stopped first, and nothing that was asked to stop counts as having died', async () => {
  const running = new Running()
  const ended = await startThree(running, `process.on("SIGTERM", () => process.exit(0)); ${untilTold}`)
  await running.stop(5000)
  expect(ended).toEqual(['third: exit code 0', 'second: exit code 0', 'first: exit code 0'])
  expect(await Promise.race([running.death, Promise.resolve('nobody')])).toBe('nobody')
})

test('what does not stop in time is ended', async () => {
  const running = new Running()
  const ended = await startThree(running, `process.on("SIGTERM", () => undefined); ${untilTold}`)
  await running.stop(50)
  expect(ended).toEqual(['third: SIGKILL', 'second: SIGKILL', 'first: SIGKILL'])
})

test('a process that ends by itself is told with how, and with the last it said', async () => {
  const running = new Running()
  running.add('steady', await node(untilTold))
  running.add('weak', await node('console.log("so long"); process.exit(7)'))
  expect(await running.death).toEqual({ name: 'weak', how: 'exit code 7', tail: 'so long' })
  await running.kill()
})
