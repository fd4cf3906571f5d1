import { spawnSync } from 'node:child_process'

import { expect, test } from '@jest/globals'

import { makeScreen } from './screen.ts'

const screen = makeScreen({
  ingress: 'http://127.0.0.1:18080',
  board: 'http://127.0.0.1:18081',
  boardLogin: 'user demo, password 0123456789ab',
  sandbox: 'http://127.0.0.1:18082',
  client: { id: '7f0c1a52-9d1e-4c39-8f5e-2a0f5b1c6d7e', secret: 'x'.repeat(43) },
  replyToken: 'a-reply-token',
  logs: '.data/logs',
})

/** What the shell makes of a command on the screen, if it is pasted as it stands: curl's arguments. */
function pasted(command: string): string[] {
  const script = `curl() { printf '%s\\n--\\n' "$@"; }; TOKEN=the-token; ${command}`
  return spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout.split('\n--\n')
}

const commands = screen
  .split(/\n(?=curl )/)
  .slice(1)
  .map((text) => pasted(/^curl [^]*?(?:}'|\/hello-\w+ .*)$/m.exec(text)?.[0] ?? ''))

test('the token command asks as the demo client, and keeps the token alone', () => {
  const command = /^TOKEN=\$\([^]*?\)$/m.exec(screen)?.[0] ?? ''
  const answer = '{"access_token":"the.access.token","token_type":"Bearer"}'
  const script = `curl() { printf '%s' "$*" >&2; echo '${answer}'; }; ${command}; echo "$TOKEN"`
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
  expect(stdout).toBe('the.access.token\n')
  expect(stderr).toContain('client_id=7f0c1a52-9d1e-4c39-8f5e-2a0f5b1c6d7e -d client_secret=xxx')
})

test('the commands send one message to each network, with its own key, and ask for those keys', () => {
  const [line, messenger, ...questions] = commands
  expect(JSON.parse(line?.[7] ?? '')).toMatchObject({
    messageKey: 'hello-line',
    from: { senderType: 'line' },
    to: { ottId: expect.stringMatching(/^U[0-9a-f]{32}$/), userReference: 'a-reply-token' },
  })
  expect(JSON.parse(messenger?.[7] ?? '')).toMatchObject({
    messageKey: 'hello-messenger',
    from: { senderType: 'messenger' },
  })
  for (const command of commands) expect(command).toContain('authorization: Bearer the-token')
  expect(questions.map(([, url]) => url)).toEqual([
    'http://127.0.0.1:18080/ott/v1/send/hello-line',
    'http://127.0.0.1:18080/ott/v1/send/hello-messenger',
  ])
})

test('it fits on a screen', () => {
  expect(screen.split('\n').length).toBeLessThan(50)
  expect(Math.max(...screen.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
})
