/** What a sender registers; the network itself knows the part that is declared to it. */
export const attributesOf = {
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
