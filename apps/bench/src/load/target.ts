import { Pool } from 'undici'

import { toBody } from './message.ts'

/** More than an open loop ever has under way, so that none waits for a connection unless the ingress is behind by much. */
const connections = 256
const answerLimitMs = 30_000

/** An ingress that messages are sent to. */
export type Target = {
  /** Sends one message. Rejects when it is not accepted. */
  readonly send: (index: number, sender: number, isReply?: boolean) => Promise<void>
  readonly close: () => Promise<void>
}

/** `headers` are asked for with each request. */
export function openTarget(url: string, headers: () => Readonly<Record<string, string>>): Target {
  const { origin, pathname: path } = new URL(url)
  const pool = new Pool(origin, { connections, headersTimeout: answerLimitMs, bodyTimeout: answerLimitMs })
  return {
    send: async (index, sender, isReply) => {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', ...headers() },
        body: toBody(index, sender, isReply),
      })
      if (statusCode === 201) return body.dump()
      throw new Error(`${url} answered ${statusCode}: ${await body.text()}`)
    },
    close: () => pool.destroy(),
  }
}
