import { demo, type DemoClient } from './demo.ts'
import { bold, faint } from './terminal.ts'

export type ScreenFacts = {
  readonly ingress: string
  readonly board: string
  readonly sandbox: string
  readonly replyToken: string
  readonly boardLogin: string
  readonly client: DemoClient
  /** Where the logs are. */
  readonly logs: string
}

/** What a newcomer needs once everything runs: where things are, and commands that can be pasted as they stand. */
export function makeScreen({ ingress, board, boardLogin, sandbox, client, replyToken, logs }: ScreenFacts): string {
  const line = sendCommand(ingress, {
    messageKey: 'hello-line',
    from: { senderType: 'line', senderId: demo.line.channelId },
    to: { ottId: demo.line.userId, userReference: replyToken },
    message: { contents: [{ type: 'text', text: 'Hello LINE' }] },
    validityPeriod: 60,
  })
  const messenger = sendCommand(ingress, {
    messageKey: 'hello-messenger',
    from: { senderType: 'messenger', senderId: demo.messenger.pageId },
    to: { ottId: demo.messenger.userId },
    message: { contents: [{ type: 'text', text: 'Hello Messenger' }], customKeys: [{ messagingType: 'UPDATE' }] },
    validityPeriod: 60,
  })
  return `
${bold('ott-dispatcher runs.')}

  API    ${`${ingress}/docs`.padEnd(28)} ${faint('every call, with examples to try')}
  Board  ${board.padEnd(28)} ${faint(`how all stands, and the queues; ${boardLogin}`)}
  Chats  ${sandbox.padEnd(28)} ${faint('both phones, live: what the sandbox took in the place of LINE and Messenger')}

${bold('Get an access token')} ${faint('(for twenty minutes; a later `npm run -s ott -- token` prints one too)')}

${tokenCommand(ingress, client)}

${bold('Send a LINE message')} ${faint('(again: its reply token is used up by then, and the push to the user takes over)')}

${line}

${bold('Send a Messenger message')}

${messenger}

${bold('See what became of them')}

curl -s ${ingress}/ott/v1/send/hello-line ${bearer}
curl -s ${ingress}/ott/v1/send/hello-messenger ${bearer}

Logs: ${logs}/<program>.log
Ctrl-C stops everything.
`
}

const bearer = '-H "authorization: Bearer $TOKEN"'

/** Without a tool that not everybody has. */
function tokenCommand(ingress: string, { id, secret }: DemoClient): string {
  return `TOKEN=$(curl -s ${ingress}/v2/token -d grant_type=client_credentials \\
  -d client_id=${id} \\
  -d client_secret=${secret} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`
}

function sendCommand(ingress: string, body: object): string {
  return `curl -s ${ingress}/ott/v1/send ${bearer} -H 'content-type: application/json' -d '${toLines(body)}'`
}

/** A line for each property: it reads well, and no terminal breaks it at a wrong place. */
function toLines(body: object): string {
  const lines = Object.entries(body).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  return `{\n${lines.join(',\n')}\n}`
}
