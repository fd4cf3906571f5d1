import { mkdir } from 'node:fs/promises'
import { relative } from 'node:path'

import { demoClient, prepareDemo } from './demo.ts'
import { lockFolder } from './folder-lock.ts'
import { boardUser, readLocalEnv, withKeys, writeLocalEnv } from './local-env.ts'
import { portFaults } from './ports.ts'
import type { ProgramOptions } from './program.ts'
import { ensureRedisServer } from './redis-program.ts'
import { startRedisServer } from './redis-server.ts'
import type { Running } from './running.ts'
import { makeScreen } from './screen.ts'
import { planPrograms, readFolders, readPorts, urlOf } from './start-plan.ts'
import { superviseProgram } from './supervision.ts'
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
  // What people wrote and the keys to it are nobody else's on this machine.
  await mkdir(folders.data, { recursive: true, mode: 0o700 })
  await mkdir(folders.logs, { recursive: true })
  lockFolder(folders.data)

  const redisUrl = process.env['REDIS_URL'] || (await bringUpRedis(running, folders.redis, ports.redis?.port))
  const urls = { ingress: urlOf(ports.ingress), sandbox: urlOf(ports.sandbox), board: urlOf(ports.board) }
  const kept = await readLocalEnv(folders.env)
  const env = {
    ...(await withKeys(kept, process.env)),
    REDIS_URL: redisUrl,
    OTT_URL: urls.ingress,
    // The sandbox takes the networks' place, so that nothing but it may be called.
    ENDPOINT_HOSTS: new URL(urls.sandbox).host,
  }
  await writeLocalEnv(folders.env, { ...kept, ...env })
  const plan = (access = {}) => planPrograms(ports, folders.logs, { ...process.env, ...env, ...access })
  const others = plan().filter((program) => !isSandbox(program))
  await step(`Starting ${others.map(({ name }) => name).join(', ')}`, () => bringUpPrograms(running, others))

  const { client, replyToken } = await step('Preparing a demo client, the sandbox, and its senders', async () => {
    const made = await demoClient(kept, urls.ingress, env)
    // The sandbox's page asks the ingress as this client what became of a message.
    const access = { OTT_CLIENT_ID: made.client.id, OTT_CLIENT_SECRET: made.client.secret }
    await bringUpPrograms(running, plan(access).filter(isSandbox))
    return { client: made.client, replyToken: await prepareDemo(urls, made.token) }
  })
  await writeLocalEnv(folders.env, { ...kept, ...env, OTT_CLIENT_ID: client.id, OTT_CLIENT_SECRET: client.secret })
  const logs = relative(process.cwd(), folders.logs)
  const boardLogin = `user ${boardUser}, password ${env.BOARD_PASSWORD}`
  return makeScreen({ ...urls, boardLogin, client, replyToken, logs: logs.startsWith('..') ? folders.logs : logs })
}

async function bringUpRedis(running: Running, folder: string, port: number | undefined): Promise<string> {
  await ensureRedisServer(print)
  return step('Starting Redis', async () => {
    const redis = await startRedisServer({ folder, port })
    running.add('Redis', redis)
    return redis.url
  })
}

function isSandbox({ name }: ProgramOptions): boolean {
  return name === 'sandbox'
}

/** All at once: none needs another to get ready. */
async function bringUpPrograms(running: Running, programs: readonly ProgramOptions[]): Promise<void> {
  const started = []
  for (const options of programs) {
    const program = await superviseProgram(options, { say: print })
    running.add(options.name, program)
    started.push(program)
  }
  await Promise.all(started.map((program) => program.untilReady()))
}
