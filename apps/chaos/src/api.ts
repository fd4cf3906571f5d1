import { setTimeout as wait } from 'node:timers/promises'

import { runOnce } from '@ott/local'
import { z } from 'zod'

import type { Answer, Caller } from './call.ts'
import type { MemberName } from './schedule.ts'

const everything = 'ott_chat_messaging_send ott_chat_messaging_read ott_channels_write ott_channels_read'

const Client = z.object({ client_id: z.string(), client_secret: z.string() })
const Token = z.object({ access_token: z.string(), expires_in: z.number() })

const againMs = 200
const patienceMs = 60_000

/** An ingress of the fleet. */
export type Ingress = { readonly name: MemberName; readonly url: string }

export type ApiOptions = {
  readonly ingresses: readonly [Ingress, ...Ingress[]]
  /** What an administrator of the fleet needs to know. */
  readonly env: Readonly<Record<string, string>>
  readonly caller: Caller
}

/** Our API, to one client of ours: it knows the ingresses, and has a token for them. */
export class Api {
  readonly #ingresses: ApiOptions['ingresses']
  readonly #caller: Caller
  readonly #client: z.infer<typeof Client>
  #token: Promise<string> | undefined
  #turn = 0

  private constructor({ ingresses, caller }: ApiOptions, client: z.infer<typeof Client>) {
    this.#ingresses = ingresses
    this.#caller = caller
    this.#client = client
  }

  /** Makes a client, as an administrator does. */
  static async open(options: ApiOptions): Promise<Api> {
    const args = ['client', 'create', '--name', 'chaos', '--account', 'chaos', '--scope', everything, '--json']
    const printed = await runOnce({ file: 'apps/cli/dist/main.js', args, env: options.env })
    return new Api(options, Client.parse(JSON.parse(printed)))
  }

  /** The one whose turn it is: whoever counts up moves on to the next one. */
  ingress(turn: number): Ingress {
    const [first] = this.#ingresses
    return this.#ingresses[turn % this.#ingresses.length] ?? first
  }

  /** One call of the ingress whose turn it is. Rejects when it does not answer. */
  async call(turn: number, method: 'GET' | 'POST', path: string, options: CallOptions = {}): Promise<Answer> {
    const { caller = this.#caller, body, headers } = options
    const authorization = `Bearer ${await this.#accessToken()}`
    return caller.call(method, this.ingress(turn).url + path, { body, headers: { ...headers, authorization } })
  }

  /** Like `call`, of one ingress after the other until one gives a definite answer. */
  async callAny(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    return this.#untilAnswered((turn) => this.call(turn, method, path, { body }))
  }

  /** Takes a new token for the next call. */
  forgetToken(): void {
    this.#token = undefined
  }

  #accessToken(): Promise<string> {
    this.#token ??= this.#fetchToken()
    return this.#token
  }

  async #fetchToken(): Promise<string> {
    const wanted = { grant_type: 'client_credentials', ...this.#client }
    const { body } = await this.#untilAnswered((turn) =>
      this.#caller.call('POST', `${this.ingress(turn).url}/v2/token`, { body: wanted }),
    )
    const { access_token: token, expires_in: seconds } = Token.parse(body)
    setTimeout(() => this.forgetToken(), (seconds * 1000) / 2).unref()
    return token
  }

  async #untilAnswered(call: (turn: number) => Promise<Answer>): Promise<Answer> {
    const deadline = Date.now() + patienceMs
    for (;;) {
      this.#turn += 1
      const answer = await call(this.#turn).catch((error: unknown) => {
        if (Date.now() > deadline) throw error
      })
      if (answer !== undefined && !isPassing(answer.status)) return answer
      if (Date.now() > deadline) throw new Error(`no ingress gives a definite answer: ${JSON.stringify(answer)}`)
      await wait(againMs)
    }
  }
}

type CallOptions = {
  readonly body?: object | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** Its connections, instead of those that the API was opened with. */
  readonly caller?: Caller
}

/** Whether the same request may be answered otherwise in a moment. 409: the first request of its key is under way still. */
export function isPassing(status: number): boolean {
  return status >= 500 || [401, 408, 409, 425, 429].includes(status)
}
