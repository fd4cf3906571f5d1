import type { LocalEnv } from './local-env.ts'
import { runOnce } from './run-once.ts'

/** Who sends and who receives in the demonstration that `npm start` sets up. */
export const demo = {
  account: 'demo',
  line: { channelId: '1234567890', channelSecret: 'demo-channel-secret', userId: `U${'0123456789abcdef'.repeat(2)}` },
  messenger: {
    pageId: '100200300400500',
    pageAccessToken: 'demo-page-access-token',
    applicationSecret: 'demo-application-secret',
    userId: '6000000000000001',
  },
} as const

const replyTokenLifetimeSeconds = 3600
const everything = 'ott_chat_messaging_send ott_chat_messaging_read ott_channels_write ott_channels_read ott_callbacks'

export type DemoUrls = { readonly ingress: string; readonly sandbox: string }

/** An API client of the demonstration. */
export type DemoClient = { readonly id: string; readonly secret: string }

type Environment = Readonly<Record<string, string | undefined>>

/** The client of an earlier start if it is still known, else a new one. Resolves with it and with an access token of its. */
export async function demoClient(kept: LocalEnv, ingress: string, environment: Environment) {
  const earlier = { id: kept['OTT_CLIENT_ID'] ?? '', secret: kept['OTT_CLIENT_SECRET'] ?? '' }
  const token = earlier.id === '' ? undefined : await accessToken(ingress, earlier).catch(() => undefined)
  if (token !== undefined) return { client: earlier, token }
  const args = ['client', 'create', '--name', 'npm start', '--account', demo.account, '--scope', everything, '--json']
  const printed = await runOnce({ file: 'apps/cli/dist/main.js', args, env: environment })
  const { client_id: id, client_secret: secret }: { client_id: string; client_secret: string } = JSON.parse(printed)
  const client: DemoClient = { id, secret }
  return { client, token: await accessToken(ingress, client) }
}

/**
 * Registers a sender for each network with the ingress, pointed at the sandbox, which is told of their secrets. Resolves
 * with a LINE reply token, as a user's message to the sender would have brought it.
 */
export async function prepareDemo({ ingress, sandbox }: DemoUrls, token: string): Promise<string> {
  const { channelId, channelSecret, userId } = demo.line
  const { pageId, pageAccessToken, applicationSecret } = demo.messenger
  const register = (ottPlatformName: string, ottPlatformAttributes: object) =>
    post(`${ingress}/ott/v1/registration`, { ottPlatformName, ottPlatformAttributes }, token)
  await Promise.all([
    post(`${sandbox}/sandbox/senders`, { network: 'line', channelId, channelSecret }),
    post(`${sandbox}/sandbox/senders`, { network: 'messenger', pageId, pageAccessToken, applicationSecret }),
    register('line', {
      channelId,
      channelName: 'Demo channel',
      channelSecret,
      isTransactional: true,
      isTestChannel: true,
      endpointUrl: `${sandbox}/line/v2/bot/message`,
      isActive: true,
    }),
    register('messenger', {
      applicationId: '1',
      applicationSecret,
      pageId,
      pageName: 'Demo page',
      pageAccessToken,
      callbackVerifyToken: 'demo-callback-verify-token',
      endpointUrl: `${sandbox}/messenger/v26.0/me/messages`,
      isActive: true,
    }),
  ])
  const answer = await post(`${sandbox}/sandbox/line/reply-tokens`, {
    userId,
    lifetimeSeconds: replyTokenLifetimeSeconds,
  })
  const { replyToken }: { readonly replyToken: string } = JSON.parse(answer)
  return replyToken
}

async function accessToken(ingress: string, { id, secret }: DemoClient): Promise<string> {
  const wanted = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
  const { access_token: token }: { access_token: string } = JSON.parse(await post(`${ingress}/v2/token`, wanted))
  return token
}

async function post(url: string, body: object, token?: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`POST ${url} was answered ${response.status}: ${answer}`)
  return answer
}
