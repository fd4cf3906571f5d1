import { mkdir } from 'node:fs/promises'
import { relative } from 'node:path'

import { prepareDemo } from './demo.ts'
import { lockFolder } from './folder-lock.ts'
import { portFaults } from './ports.ts'
import { type ProgramOptions, startProgram } from './program.ts'
import { ensureRedisServer } from './redis-program.ts'
import { startRedisServer } from './redis-server.ts'
import type { Running } from './running.ts'
import { makeScreen } from './screen.ts'
import { planPrograms, readFolders, readPorts, urlOf } from './start-plan.ts'
import { print, step } from './terminal.ts'

/**
 * Brings everything up, and resolves with what to tell whoever waits for it. What was started is in `running`, also when
 * this rejects.
 */
export async function bringUp(running: Running): Promise<string> {
  const ports = readPorts(process.env)
  const faults = await portFaults(Object.values(ports).filter((claim) => claim !== undefined))
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const folders = readFolders(process.env)
  await mkdir(folders.logs, { recursive: true })
  lockFolder(folders.data)

  const redisUrl = process.env['REDIS_URL'] || (await bringUpRedis(running, folders.redis, ports.redis?.port))
  const programs = planPrograms(ports, { redisUrl, logs: folders.logs }, process.env)
  await step(`Starting ${programs.map(({ name }) => name).join(', ')}`, () => bringUpPrograms(running, programs))

  const urls = { ingress: urlOf(ports.ingress), sandbox: urlOf(ports.sandbox), board: urlOf(ports.board) }
  const replyToken = await step('Registering a demo sender for each network', () => prepareDemo(urls))
  const logs = relative(process.cwd(), folders.logs)
  return makeScreen({ ...urls, replyToken, logs: logs.startsWith('..') ? folders.logs : logs })
}

async function bringUpRedis(running: Running, folder: string, port: number | undefined): Promise<string> {
  await ensureRedisServer(print)
  return step('Starting Redis', async () => {
    const redis = await startRedisServer({ folder, port })
    running.add('Redis', redis)
    return redis.url
  })
}

/** All at once: none needs another to get ready. */
async function bringUpPrograms(running: Running, programs: readonly ProgramOptions[]): Promise<void> {
  const started = []
  for (const options of programs) {
    const program = await startProgram(options)
    running.add(options.name, program)
    started.push(program)
  }
  await Promise.all(started.map((program) => program.untilReady()))
}
