import type { Api } from './api.ts'
import { type Sender, senders } from './load.ts'
import type { Sandbox } from './sandbox.ts'
import { type NetworkName, networkNames } from './schedule.ts'

/** What a sender registers: the part that its network knows too, the rest, and the path of the sandbox that is its network. */
const attributesOf = {
  line: ({ id, strict }: Sender) => ({
    path: '/line/v2/bot/message',
    declared: { channelId: id, channelSecret: `channel-secret-${id}` },
    further: {
      channelName: 'Chaos',
      isTransactional: 1,
      isTestChannel: 1,
      unconfirmedReply: strict ? 'error' : 'sent',
    },
  }),
  messenger: ({ id, strict }: Sender) => ({
    path: '/messenger/v26.0/me/messages',
    declared: { pageId: id, pageAccessToken: `page-token-${id}`, applicationSecret: `application-secret-${id}` },
    further: {
      applicationId: '1',
      pageName: 'Chaos',
      callbackVerifyToken: `verify-token-${id}`,
      unknownOutcome: strict ? 'error' : 'retry',
    },
  }),
}

/** Makes the run's senders known to us and to the sandbox. */
export async function registerSenders(api: Api, sandbox: Sandbox, sandboxUrl: string): Promise<void> {
  for (const network of networkNames)
    for (const sender of senders[network]) await register(network, sender, api, sandbox, sandboxUrl)
}

async function register(network: NetworkName, sender: Sender, api: Api, sandbox: Sandbox, url: string): Promise<void> {
  const { path, declared, further } = attributesOf[network](sender)
  await sandbox.declare({ network, ...declared })
  const { status, body } = await api.callAny('POST', '/ott/v1/registration', {
    ottPlatformName: network,
    ottPlatformAttributes: { ...declared, ...further, endpointUrl: url + path, isActive: 1 },
  })
  if (status !== 201) throw new Error(`sender ${sender.id} was not registered: ${status} ${JSON.stringify(body)}`)
}
