/** The registration of LINE's demo sender, with changes to its attributes. */
export function aRegistration(changes: Record<string, unknown> = {}) {
  return {
    ottPlatformName: 'line',
    ottPlatformAttributes: {
      endpointUrl: 'https://api.line.me',
      isActive: 1,
      channelId: '1656000000',
      channelName: 'Shop',
      channelSecret: 'hush',
      isTransactional: 0,
      isTestChannel: 1,
      ...changes,
    },
  }
}
