import { openTestSandbox } from './test-sandbox.ts'

const channel = '1234567890'
export const somebody = { line: 'U0123456789abcdef0123456789abcdef', messenger: '6000000000000001' }

/** A sandbox whose clock runs, and the ways to send to it. */
export async function openChattySandbox(options: Parameters<typeof openTestSandbox>[0] = {}) {
  const sandbox = await openTestSandbox({ now: Date.now, ...options })
  const headers = await sandbox.authorize(channel)
  return {
    ...sandbox,
    push: (messages: readonly object[], { to = somebody.line, retryKey = '' } = {}) =>
      sandbox.call(
        '/line/v2/bot/message/push',
        { to, messages },
        { headers: { ...headers, ...(retryKey && { 'x-line-retry-key': retryKey }) } },
      ),
    reply: (replyToken: string, messages: readonly object[]) =>
      sandbox.call('/line/v2/bot/message/reply', { replyToken, messages }, { headers }),
    send: (message: object, id: string = somebody.messenger) =>
      sandbox.call('/messenger/v26.0/100200300400500/messages?access_token=any', {
        recipient: { id },
        messaging_type: 'RESPONSE',
        message,
      }),
  }
}

export type ChattySandbox = Awaited<ReturnType<typeof openChattySandbox>>
