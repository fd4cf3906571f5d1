import { demo } from './demo.ts'
import { bold, faint } from './terminal.ts'

export type ScreenFacts = {
  readonly ingress: string
  readonly board: string
  readonly sandbox: string
  readonly replyToken: string
  /** Where the logs are. */
  readonly logs: string
}

/** What a newcomer needs once everything runs: where things are, and commands that can be pasted as they stand. */
export function makeScreen({ ingress, board, sandbox, replyToken, logs }: ScreenFacts): string {
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

  API    ${ingress}/ott/v1/send
  Board  ${board.padEnd(28)} ${faint('the queues, live')}
  Chats  ${sandbox.padEnd(28)} ${faint('what the sandbox took in the place of LINE and Messenger')}

${bold('Send a LINE message')} ${faint('(again: its reply token is used up by then, and the push to the user takes over)')}

${line}

${bold('Send a Messenger message')}

${messenger}

${bold('See what became of them')}

curl -s ${ingress}/ott/v1/send/hello-line
curl -s ${ingress}/ott/v1/send/hello-messenger

Logs: ${logs}/<program>.log
Ctrl-C stops everything.
`
}

function sendCommand(ingress: string, body: object): string {
  return `curl -s ${ingress}/ott/v1/send -H 'content-type: application/json' -d '${toLines(body)}'`
}

/** A line for each property: it reads well, and no terminal breaks it at a wrong place. */
function toLines(body: object): string {
  const lines = Object.entries(body).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  return `{\n${lines.join(',\n')}\n}`
}
