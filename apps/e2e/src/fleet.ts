import { randomBytes, randomUUID } from 'node:crypto'

import { type Program, startProgram } from '@ott/local'
import { untilTrue } from '@ott/local/testing'
import { z } from 'zod'

import { type Answer, call } from './call.ts'
import { accessToken, type Client, createClient } from './client.ts'
import { Sandbox } from './sandbox.ts'

const Created = z.object({ ottRequestId: z.uuid() })
const Status = z.object({ status: z.array(z.looseObject({ event: z.string() })) })

export type FleetOptions = {
  readonly redisUrl: string
  /** Further variables for every program. */
  readonly env?: Readonly<Record<string, string>>
  /** Module that every program but the sandbox loads before its own. */
  readonly preload?: string
  readonly networks?: readonly string[]
}

type Keys = { readonly CREDENTIALS_KEY: string; readonly TOKEN_KEY: string }

/** What the fleet was given to guard, and who may call it. */
type Access = { readonly keys: Keys; readonly client: Client; readonly token: string }

/** The programs as they run in production, each a process, against the sandbox. */
export class Fleet {
  readonly sandbox: Sandbox
  readonly ingress: Program
  readonly workers: ReadonlyMap<string, Program>
  readonly #programs: readonly Program[]
  readonly client: Client
  readonly token: string
  readonly keys: Keys

  private constructor(sandbox: Program, ingress: Program, workers: ReadonlyMap<string, Program>, access: Access) {
    this.sandbox = new Sandbox(sandbox.url)
    this.ingress = ingress
    this.workers = workers
    this.client = access.client
    this.token = access.token
    this.keys = access.keys
    this.#programs = [ingress, ...workers.values(), sandbox]
  }

  static async start({ redisUrl, env = {}, preload, networks = ['line', 'messenger'] }: FleetOptions): Promise<Fleet> {
    const keys = { CREDENTIALS_KEY: randomBytes(32).toString('base64'), TOKEN_KEY: randomBytes(32).toString('base64') }
    const sandbox = await startProgram({ name: 'sandbox', file: 'apps/sandbox/dist/main.js' })
    const common = {
      REDIS_URL: redisUrl,
      ENDPOINT_HOSTS: new URL(sandbox.url).host,
      ...keys,
      NODE_OPTIONS: preload === undefined ? undefined : `--import=${preload}`,
      ...env,
    }
    const ingress = await startProgram({
      name: 'ingress',
      file: 'apps/ingress/dist/main.js',
      env: common,
      ports: ['PORT', 'HEALTH_PORT'],
    })
    const workers = new Map<string, Program>()
    for (const network of networks) workers.set(network, await startWorker(network, common))
    await Promise.all([sandbox, ingress, ...workers.values()].map((program) => program.untilReady()))
    const client = await createClient(common)
    return new Fleet(sandbox, ingress, workers, { keys, client, token: await accessToken(ingress.url, client) })
  }

  /** Stops every program, and fails when one did not end as it should. */
  async stop(): Promise<void> {
    for (const program of this.#programs) await program.stop()
    const ends = await Promise.all(this.#programs.map(async ({ name, ended }) => `${name}: ${await ended}`))
    const bad = ends.filter((end) => !end.endsWith('exit code 0'))
    if (bad.length > 0) throw new Error(`not every program ended orderly: ${bad.join(', ')}`)
  }

  api(method: string, path: string, body?: unknown): Promise<Answer> {
    return call(method, `${this.ingress.url}/ott/v1/${path}`, body, this.token)
  }

  /** Registers a sender, by default one that no other test has, with us and with the sandbox. Returns its id. */
  async registerSender(
    network: keyof typeof attributesOf,
    changes: { readonly id?: string; readonly isActive?: 0 | 1 } = {},
  ) {
    const { id = randomBytes(5).readUIntBE(0, 5).toString(), isActive = 1 } = changes
    const { endpointPath, declared, further } = attributesOf[network](id)
    const endpointUrl = this.sandbox.url + endpointPath
    await this.sandbox.declare({ network, ...declared })
    const ottPlatformAttributes = { ...declared, ...further, endpointUrl, isActive }
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
    const found: { last?: unknown } = {}
    await untilTrue(async () => {
      const { body } = await this.api('GET', `send/${ottRequestId}`)
      const last = Status.parse(body).status.at(-1)
      found.last = last
      return last?.event === 'Sent' || last?.event === 'Error'
    })
    return found.last
  }
}

/** A LINE user id that no other test writes to. */
export function aLineUser(): string {
  return `U${randomBytes(16).toString('hex')}`
}

/** A page-scoped id that no other test writes to: digits, as Messenger's are. */
export function aMessengerUser(): string {
  return randomBytes(6).readUIntBE(0, 6).toString()
}

async function startWorker(network: string, env: Readonly<Record<string, string | undefined>>): Promise<Program> {
  return startProgram({
    name: `worker-${network}`,
    file: 'apps/worker/dist/main.js',
    env: { ...env, NETWORK: network },
    ports: ['HEALTH_PORT'],
  })
}

/** What a sender registers; the network itself knows the part that is declared to it. */
const attributesOf = {
  line: (channelId: string) => ({
    endpointPath: '/line/v2/bot/message',
    declared: { channelId, channelSecret: `channel-secret-${channelId}` },
    further: { channelName: 'Shop', isTransactional: 1, isTestChannel: 0 },
  }),
  messenger: (pageId: string) => ({
    endpointPath: '/messenger/v26.0/me/messages',
    declared: { pageId, pageAccessToken: `page-token-${pageId}`, applicationSecret: `application-secret-${pageId}` },
    further: { applicationId: '1', pageName: 'Shop', callbackVerifyToken: `verify-token-${pageId}` },
  }),
}

/** What of a registered sender must never be seen again. */
export function secretsOf(network: keyof typeof attributesOf, id: string): string[] {
  const { declared, further } = attributesOf[network](id)
  const named = Object.entries({ ...declared, ...further })
  return named.flatMap(([name, value]) => (/secret|token/i.test(name) ? [String(value)] : []))
}
