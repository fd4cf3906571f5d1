/** Who sends and who receives in the demonstration that `npm start` sets up. */
export const demo = {
  line: { channelId: '1234567890', channelSecret: 'demo-channel-secret', userId: `U${'0123456789abcdef'.repeat(2)}` },
  messenger: {
    pageId: '100200300400500',
    pageAccessToken: 'demo-page-access-token',
    applicationSecret: 'demo-application-secret',
    userId: '6000000000000001',
  },
} as const

const replyTokenLifetimeSeconds = 3600

export type DemoUrls = { readonly ingress: string; readonly sandbox: string }

/**
 * Registers a sender for each network with the ingress, pointed at the sandbox, which is told of their secrets. Resolves
 * with a LINE reply token, as a user's message to the sender would have brought it.
 */
export async function prepareDemo({ ingress, sandbox }: DemoUrls): Promise<string> {
  const { channelId, channelSecret, userId } = demo.line
  const { pageId, pageAccessToken, applicationSecret } = demo.messenger
  await Promise.all([
    post(`${sandbox}/sandbox/senders`, { network: 'line', channelId, channelSecret }),
    post(`${sandbox}/sandbox/senders`, { network: 'messenger', pageId, pageAccessToken, applicationSecret }),
    register(ingress, 'line', {
      channelId,
      channelName: 'Demo channel',
      channelSecret,
      isTransactional: true,
      isTestChannel: true,
      endpointUrl: `${sandbox}/line/v2/bot/message`,
      isActive: true,
    }),
    register(ingress, 'messenger', {
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

async function register(ingress: string, ottPlatformName: string, ottPlatformAttributes: object): Promise<void> {
  await post(`${ingress}/ott/v1/registration`, { ottPlatformName, ottPlatformAttributes })
}

async function post(url: string, body: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`POST ${url} was answered ${response.status}: ${answer}`)
  return answer
}
