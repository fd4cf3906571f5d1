import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import { startProgram, startRedisServer } from '@ott/local'

import type { SelfEnded } from './books.ts'
import { type Instance, type Launch, Member } from './member.ts'
import { lastingPort } from './ports.ts'
import { type MemberName, networkNames, replicated } from './schedule.ts'

export type FleetOptions = {
  /** Where Redis's data and the logs go. */
  readonly folder: string
  readonly lockMs: number
  readonly networkTimeoutMs: number
  /** How many entries the sandbox's ledger must be able to hold. */
  readonly ledgerMax: number
  /** Further variables for every program but the sandbox. */
  readonly env?: Variables
  readonly onSelfEnd: (ended: SelfEnded) => void
}

type Variables = Readonly<Record<string, string>>

/** Stopping waits for calls under way, so that only a network in trouble can cut one short. */
const stopMarginMs = 1000

const readyLimitMs = 60_000

/** A whole fleet, every process of which can be killed, frozen and started again. */
export class Fleet {
  readonly members: ReadonlyMap<MemberName, Member>
  readonly ingresses: ReadonlyMap<MemberName, string>
  readonly sandboxUrl: string
  /** What every program of the fleet is given, and who administers it needs. */
  readonly env: Variables

  private constructor(plan: Plan, onSelfEnd: FleetOptions['onSelfEnd']) {
    this.env = plan.env
    this.sandboxUrl = plan.sandboxUrl
    this.ingresses = plan.ingresses
    this.members = new Map(
      Array.from(plan.launches, ([name, launch]) => [
        name,
        new Member(name, launch, (how) => onSelfEnd({ member: name, how, at: Date.now() })),
      ]),
    )
  }

  /** Nothing runs yet. */
  static async plan(options: FleetOptions): Promise<Fleet> {
    return new Fleet(await makePlan(options), options.onSelfEnd)
  }

  /** Starts these, or all. */
  async start(names: readonly MemberName[] = [...this.members.keys()]): Promise<void> {
    for (const name of names) await this.member(name).start()
    await this.untilReady(names)
  }

  member(name: MemberName): Member {
    const member = this.members.get(name)
    if (member === undefined) throw new Error(`the fleet has no ${name}`)
    return member
  }

  async untilReady(names: readonly MemberName[] = [...this.members.keys()]): Promise<void> {
    const deadline = Date.now() + readyLimitMs
    await Promise.all(names.map((name) => this.member(name).untilReady(deadline)))
  }

  /** Stops these, or all, in the reverse of the order they started in. Resolves with those that did not end orderly. */
  async stop(names: readonly MemberName[] = [...this.members.keys()]): Promise<string[]> {
    const disorderly: string[] = []
    for (const name of names.toReversed()) {
      const how = await this.member(name).stop()
      if (!orderly(how)) disorderly.push(`${name}: ${how}`)
    }
    return disorderly
  }

  /** Ends everything at once. */
  async end(): Promise<void> {
    await Promise.all([...this.members.values()].map((member) => member.end()))
  }
}

/** Whether a process ended as it should when it was asked to stop. One that was still starting has nothing to finish. */
export function orderly(how: string): boolean {
  return how === 'exit code 0' || how === 'SIGTERM'
}

type Plan = {
  readonly launches: ReadonlyMap<MemberName, Launch>
  readonly ingresses: ReadonlyMap<MemberName, string>
  readonly sandboxUrl: string
  readonly env: Variables
}

/** Ports are chosen once: whoever is started again is found where it was. */
async function makePlan({ folder, lockMs, networkTimeoutMs, ledgerMax, env: further }: FleetOptions): Promise<Plan> {
  const [redisPort, sandboxPort] = [await lastingPort(), await lastingPort()]
  const env = {
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    ENDPOINT_HOSTS: `127.0.0.1:${sandboxPort}`,
    CREDENTIALS_KEY: newKey(),
    TOKEN_KEY: newKey(),
    LOCK_MS: String(lockMs),
    NETWORK_TIMEOUT_MS: String(networkTimeoutMs),
    STOP_LIMIT_MS: String(networkTimeoutMs + stopMarginMs),
    REQUESTS_PER_SECOND: '100000',
    ...further,
  }
  const launches = new Map<MemberName, Launch>([['redis', redisLauncher(join(folder, 'redis'), redisPort)]])
  const program = (name: MemberName, app: string, variables: Variables) =>
    launches.set(name, programLauncher(folder, name, app, variables))
  program('sandbox', 'sandbox', { PORT: String(sandboxPort), LEDGER_MAX: String(ledgerMax) })
  const ingresses = new Map<MemberName, string>()
  for (const name of replicated) {
    const health = { ...env, HEALTH_PORT: String(await lastingPort()) }
    const network = networkNames.find((candidate) => name.startsWith(`worker-${candidate}`))
    if (network !== undefined) program(name, 'worker', { ...health, NETWORK: network })
    else {
      const port = await lastingPort()
      program(name, 'ingress', { ...health, PORT: String(port) })
      ingresses.set(name, `http://127.0.0.1:${port}`)
    }
  }
  return { launches, ingresses, sandboxUrl: `http://127.0.0.1:${sandboxPort}`, env }
}

function newKey(): string {
  return randomBytes(32).toString('base64')
}

/** Each process has a log of its own. */
function programLauncher(folder: string, name: MemberName, app: string, env: Variables): Launch {
  const file = `apps/${app}/dist/main.js`
  const ports = ['PORT', 'HEALTH_PORT'].filter((variable) => variable in env)
  return (generation) => startProgram({ name, file, env, ports, logFile: join(folder, `${name}.${generation}.log`) })
}

/** It is ready as soon as it is started. */
function redisLauncher(folder: string, port: number): Launch {
  return async (): Promise<Instance> => ({ ...(await startRedisServer({ folder, port })), untilReady: async () => {} })
}
