import { spawnSync } from 'node:child_process'

import { expect, test } from '@jest/globals'

import { makeScreen } from './screen.ts'

const screen = makeScreen({
  ingress: 'http://127.0.0.1:18080',
  board: 'http://127.0.0.1:18081',
  sandbox: 'http://127.0.0.1:18082',
  replyToken: 'a-reply-token',
  logs: '.data/logs',
})

/** What the shell makes of the commands on the screen, if they are pasted as they stand. */
const pasted = screen
  .split(/\n(?=curl )/)
  .slice(1)
  .map((text) => /^curl [^]*?(?:}'|\/hello-\w+)$/m.exec(text)?.[0] ?? '')
  .map((command) => spawnSync('sh', ['-c', `curl() { printf '%s\\n--\\n' "$@"; }; ${command}`], { encoding: 'utf8' }))
  .map(({ stdout }) => stdout.split('\n--\n'))

test('the commands send one message to each network, with its own key, and ask for those keys', () => {
  const [line, messenger, ...questions] = pasted
  expect(JSON.parse(line?.[5] ?? '')).toMatchObject({
    messageKey: 'hello-line',
    from: { senderType: 'line' },
    to: { ottId: expect.stringMatching(/^U[0-9a-f]{32}$/), userReference: 'a-reply-token' },
  })
  expect(JSON.parse(messenger?.[5] ?? '')).toMatchObject({
    messageKey: 'hello-messenger',
    from: { senderType: 'messenger' },
  })
  expect(questions.map(([, url]) => url)).toEqual([
    'http://127.0.0.1:18080/ott/v1/send/hello-line',
    'http://127.0.0.1:18080/ott/v1/send/hello-messenger',
  ])
})

test('it fits on a screen', () => {
  expect(screen.split('\n').length).toBeLessThan(45)
  expect(Math.max(...screen.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
})
