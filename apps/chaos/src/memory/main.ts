import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { bold, ensureRedisServer, onStopRequest, print, red, stayFor } from '@ott/local'
import { Redis } from 'ioredis'

import { Api } from '../api.ts'
import { openCaller } from '../call.ts'
import { Fleet } from '../fleet.ts'
import { senders } from '../load.ts'
import { Progress } from '../progress.ts'
import { registerSenders } from '../register.ts'
import { Sandbox } from '../sandbox.ts'
import type { MemberName } from '../schedule.ts'
import { explain, measure } from './level.ts'
import { type MemoryOptions, readMemoryOptions } from './options.ts'

// `npm run memory`: what so many deliveries leave in Redis, and why.

/** One of each is enough to fill Redis. */
const members: readonly MemberName[] = ['redis', 'sandbox', 'ingress-1', 'worker-line-1', 'worker-messenger-1']

const sentHours = 24
const keyHours = sentHours + 24
const senderCount = 64
const megabyte = 1024 ** 2

/** Every so manieth request has an Idempotency-Key. */
const keyedEvery = 10

type Sent = { accepted: number }

// Children alone keep no process alive.
process.exit(await stayFor(main(readMemoryOptions(process.argv.slice(2)))))

async function main(options: MemoryOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ott-memory-'))
  const ended = new AbortController()
  onStopRequest(
    () => ended.abort(),
    () => process.exit(1),
  )
  await ensureRedisServer(print)
  const fleet = await Fleet.plan({
    folder,
    lockMs: 20_000,
    networkTimeoutMs: 10_000,
    ledgerMax: 1000,
    env: { RETAIN_SENT_COUNT: String(options.retain), RETAIN_SENT_HOURS: String(sentHours), LOG_LEVEL: 'warn' },
    onSelfEnd: ({ member, how }) => print(red(`${member} ended by itself: ${how}`)),
  })
  try {
    await run(fleet, options, ended.signal)
    return 0
  } catch (error) {
    console.error(red(error instanceof Error ? (error.stack ?? error.message) : String(error)))
    return 1
  } finally {
    await fleet.end()
    await rm(folder, { recursive: true, force: true })
  }
}

async function run(fleet: Fleet, options: MemoryOptions, signal: AbortSignal): Promise<void> {
  const { deliveries, retain } = options
  await fleet.start(members)
  const url = fleet.ingresses.get('ingress-1') ?? ''
  const caller = openCaller(senderCount, 10_000)
  const api = await Api.open({ ingresses: [{ name: 'ingress-1', url }], env: fleet.env, caller })
  const sandbox = new Sandbox(fleet.sandboxUrl)
  await registerSenders(api, sandbox, fleet.sandboxUrl)
  const redis = new Redis(fleet.env['REDIS_URL'] ?? '')
  const progress = new Progress()
  const sent: Sent = { accepted: 0 }
  const startedAt = performance.now()
  print(`${bold('deliveries accepted')}   waiting   Redis memory`)
  progress.stage(() => `${sent.accepted} of ${deliveries} accepted`)
  await sendAll(api, { deliveries, signal, sent }, async () => {
    const { used, waiting } = await measure(redis)
    progress.note(row(sent.accepted, waiting, used))
  })
  while ((await measure(redis)).waiting > 0 && !signal.aborted) await wait(500)
  progress.end()
  const seconds = (performance.now() - startedAt) / 1000
  const { used, waiting } = await measure(redis)
  print(row(sent.accepted, waiting, used))
  print(`\n${sent.accepted} deliveries in ${seconds.toFixed(0)} s. What is left of them in Redis:\n`)
  for (const { what, keys, bytes, because } of (await explain(redis, { retained: retain, hours: keyHours })).kinds)
    print(`  ${what.padEnd(26)} ${String(keys).padStart(9)} keys ${inMegabytes(bytes)}   ${because}`)
  redis.disconnect()
  await Promise.all([caller.close(), sandbox.close()])
}

/** Sends so many over many connections at once; `atTenths` is called each time a tenth is done. */
async function sendAll(
  api: Api,
  { deliveries, signal, sent }: { deliveries: number; signal: AbortSignal; sent: Sent },
  atTenths: () => Promise<void>,
): Promise<void> {
  let begun = 0
  const sendOn = async (): Promise<void> => {
    while (begun < deliveries && !signal.aborted) {
      begun += 1
      await sendOne(api, begun)
      sent.accepted += 1
      if (sent.accepted % Math.ceil(deliveries / 10) === 0) await atTenths()
    }
  }
  await Promise.all(Array.from({ length: senderCount }, sendOn))
}

async function sendOne(api: Api, index: number): Promise<void> {
  const network = index % 2 === 0 ? 'line' : 'messenger'
  const body = {
    messageKey: randomUUID(),
    from: { senderType: network, senderId: senders[network][0].id },
    to: { ottId: network === 'line' ? `U${index.toString(16).padStart(32, '0')}` : `6${index}` },
    message: { contents: [{ type: 'text', text: 'Your table is ready' }], customKeys: [{ messagingType: 'UPDATE' }] },
    validityPeriod: 'PT1H',
  }
  const headers = new Map(index % keyedEvery === 0 ? [['idempotency-key', randomUUID()]] : [])
  for (;;) {
    const answer = await api.call(0, 'POST', '/ott/v1/send', { body, headers: Object.fromEntries(headers) })
    if (answer.status === 201) return
    if (answer.status !== 503 && answer.status !== 429) throw new Error(JSON.stringify(answer))
    await wait(1000)
  }
}

function row(accepted: number, waiting: number, used: number): string {
  return `${String(accepted).padStart(19)} ${String(waiting).padStart(9)} ${inMegabytes(used)}`
}

function inMegabytes(bytes: number): string {
  return `${(bytes / megabyte).toFixed(1).padStart(9)} MB`
}
