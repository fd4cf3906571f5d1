import { randomBytes, randomUUID } from 'node:crypto'

import { type Program, startProgram } from '@ott/local'
import { untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { type Answer, call } from './call.ts'
import { accessToken, type Client, createClient, runToEnd } from './client.ts'
import type { FleetOptions } from './fleet-options.ts'
import { Sandbox } from './sandbox.ts'
import { attributesOf } from './sender-attributes.ts'
import { type Environment, startCallbacks, startIngress, startWorker } from './start-programs.ts'

const Created = z.object({ ottRequestId: z.uuid() })
/** A delivery whose worker was killed waits for its lock to run out. */
const settleLimitMs = 30_000

const Status = z.object({ status: z.array(z.looseObject({ event: z.string() })), attempts: z.array(z.unknown()) })

type Started = {
  readonly sandbox: Program
  readonly ingress: Program
  readonly workers: ReadonlyMap<string, Program>
  /** What every program but the sandbox is told. */
  readonly common: Environment
}

type Keys = { readonly CREDENTIALS_KEY: string; readonly TOKEN_KEY: string }

/** What the fleet was given to guard, and who may call it. */
type Access = { readonly keys: Keys; readonly client: Client; readonly token: string }

/** The programs as they run in production, each a process, against the sandbox. */
export class Fleet {
  readonly sandbox: Sandbox
  readonly workers: ReadonlyMap<string, Program>
  #ingress: Program
  readonly #programs: Program[]
  readonly #common: Environment
  readonly client: Client
  readonly token: string
  readonly keys: Keys

  private constructor({ sandbox, ingress, workers, common }: Started, access: Access) {
    this.sandbox = new Sandbox(sandbox.url)
    this.#ingress = ingress
    this.workers = workers
    this.client = access.client
    this.token = access.token
    this.keys = access.keys
    this.#programs = [ingress, ...workers.values(), sandbox]
    this.#common = common
  }

  static async start({ redisUrl, env = {}, preload, networks = ['line', 'messenger'] }: FleetOptions): Promise<Fleet> {
    const keys = { CREDENTIALS_KEY: randomBytes(32).toString('base64'), TOKEN_KEY: randomBytes(32).toString('base64') }
    const sandbox = await startProgram({ name: 'sandbox', file: 'apps/sandbox/dist/main.js' })
    const common = {
      REDIS_URL: redisUrl,
      // On a cluster of three nodes each has a queue of every network.
      QUEUE_SHARDS: redisUrl.includes(',') ? '3' : undefined,
      ENDPOINT_HOSTS: new URL(sandbox.url).host,
      ...keys,
      NODE_OPTIONS: preload === undefined ? undefined : `--import=${preload}`,
      ...env,
    }
    const ingress = await startIngress(common)
    const workers = new Map<string, Program>()
    for (const network of networks) workers.set(network, await startWorker(network, common))
    // A client is made on the Redis alone, while the programs come up.
    const ready = Promise.all([sandbox, ingress, ...workers.values()].map((program) => program.untilReady()))
    const [client] = await Promise.all([createClient(common), ready])
    const access = { keys, client, token: await accessToken(ingress.url, client) }
    return new Fleet({ sandbox, ingress, workers, common }, access)
  }

  /** Stops every program, and fails when one did not end as it should. */
  async stop(): Promise<void> {
    for (const program of this.#programs) await program.stop()
    const ends = await Promise.all(this.#programs.map(async ({ name, ended }) => `${name}: ${await ended}`))
    const bad = ends.filter((end) => !end.endsWith('exit code 0'))
    if (bad.length > 0) throw new Error(`not every program ended orderly: ${bad.join(', ')}`)
  }

  /** The Redis of its own. */
  get redisUrl(): string {
    return this.#common['REDIS_URL'] ?? ''
  }

  /** The ingress that is called. */
  get ingress(): Program {
    return this.#ingress
  }

  /** From now on this one is called. */
  useIngress(ingress: Program): void {
    this.#ingress = ingress
  }

  /** A network's worker that was started first. */
  worker(network: string): Program {
    const worker = this.workers.get(network)
    if (worker === undefined) throw new Error(`there is no worker for ${network}`)
    return worker
  }

  /** One more worker for a network. */
  async addWorker(network: string, env: Environment = {}): Promise<Program> {
    return this.#add(await startWorker(network, { ...this.#common, ...env }))
  }

  /** One more ingress, on the same Redis. */
  async addIngress(env: Environment = {}): Promise<Program> {
    return this.#add(await startIngress({ ...this.#common, ...env }))
  }

  /** One program more that tells callbacks. */
  async addCallbacks(env: Environment = {}): Promise<Program> {
    return this.#add(await startCallbacks({ ...this.#common, ...env }))
  }

  async #add(program: Program): Promise<Program> {
    this.#programs.push(program)
    await program.untilReady()
    return program
  }

  /** Runs `ott` to its end, and returns what it prints. Senders and clients are of the account `shop`. */
  ott(...args: string[]): Promise<string> {
    return runToEnd('apps/cli/dist/main.js', this.#common, args)
  }

  /** Ends a program as a crash does. */
  async kill(program: Program): Promise<void> {
    this.#programs.splice(this.#programs.indexOf(program), 1)
    await program.kill()
  }

  /** Stops a program in order; it must end well. */
  async stopOne(program: Program): Promise<void> {
    this.#programs.splice(this.#programs.indexOf(program), 1)
    await program.stop()
    const end = await program.ended
    if (end !== 'exit code 0') throw new Error(`${program.name} ended with ${end}`)
  }

  api(method: string, path: string, body?: unknown): Promise<Answer> {
    return call(method, `${this.ingress.url}/ott/v1/${path}`, body, this.token)
  }

  /** Registers a sender, by default one that no other test has, with us and with the sandbox. Returns its id. */
  async registerSender(
    network: keyof typeof attributesOf,
    changes: { readonly id?: string | undefined; readonly isActive?: 0 | 1; readonly policy?: object } = {},
  ) {
    const { id = randomBytes(5).readUIntBE(0, 5).toString(), isActive = 1, policy = {} } = changes
    const { endpointPath, declared, further } = attributesOf[network](id)
    const endpointUrl = this.sandbox.url + endpointPath
    await this.sandbox.declare({ network, ...declared })
    const ottPlatformAttributes = { ...declared, ...further, ...policy, endpointUrl, isActive }
    const { status, body } = await this.api('POST', 'registration', { ottPlatformName: network, ottPlatformAttributes })
    if (status !== 201) throw new Error(`registration: ${status} ${JSON.stringify(body)}`)
    return id
  }

  /** Sends, and returns the ottRequestId. */
  async send(request: object): Promise<string> {
    const { status, body } = await this.api('POST', 'send', {
      messageKey: randomUUID(),
      validityPeriod: '30',
      ...request,
    })
    if (status !== 201) throw new Error(`send: ${status} ${JSON.stringify(body)}`)
    return Created.parse(body).ottRequestId
  }

  /** The last event of a delivery, once it is Sent or Error. */
  async settled(ottRequestId: string): Promise<unknown> {
    return this.untilEvent(ottRequestId, ['Sent', 'Error'])
  }

  /** The last event of a delivery, once it is one of these. */
  async untilEvent(ottRequestId: string, events: readonly string[]): Promise<unknown> {
    const found: { last?: unknown } = {}
    await untilTrue(async () => {
      const { body } = await this.api('GET', `send/${ottRequestId}`)
      const last = Status.parse(body).status.at(-1)
      found.last = last
      return last !== undefined && events.includes(last.event)
    }, settleLimitMs)
    return found.last
  }

  /** What is known of a delivery's attempts. */
  async attempts(ottRequestId: string): Promise<unknown> {
    return Status.parse((await this.api('GET', `send/${ottRequestId}`)).body).attempts
  }
}
