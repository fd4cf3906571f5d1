import { element } from './element.js'

/** The demonstration's people, whom `npm start` and the README write to. */
export const demoPeople = { line: 'U0123456789abcdef0123456789abcdef', messenger: '6000000000000001' }

const names = { line: 'LINE', messenger: 'Messenger' }
const placeholders = { line: 'YOUR-CHANNEL-ID', messenger: 'YOUR-PAGE-ID' }

/** How a token is got, once for twenty minutes, where `npm start` has run. */
export const tokenCommand = 'TOKEN=$(npm run -s ott -- token)'

/** The command that sends a text by the dispatcher: to a person, with the reply token if there is one. */
export function sendCommand({ network, person, sender, replyToken, dispatcher = 'http://127.0.0.1:8080' }) {
  const body = {
    messageKey: `hello-${network}`,
    from: { senderType: network, senderId: sender ?? placeholders[network] },
    to: { ottId: person, userReference: replyToken },
    message: {
      contents: [{ type: 'text', text: `Hello ${names[network]}` }],
      customKeys: network === 'messenger' ? [{ messagingType: 'RESPONSE' }] : undefined,
    },
    validityPeriod: 60,
  }
  return `curl -s ${new URL('ott/v1/send', `${dispatcher.replace(/\/$/, '')}/`)} \\
  -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
  -d '${inShell(body)}'`
}

/** JSON with a line for each property, in single quotes: nothing in it ends them. */
function inShell(body) {
  const lines = Object.entries(body).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
  return `{\n${lines.join(',\n')}\n}`.replaceAll("'", String.raw`'\''`)
}

/** A button that copies the text. Where the browser lets no page do that (plain http from afar), it shows it, ready to be copied. */
export function copyable(text, label) {
  const button = element('button', { type: 'button', className: 'copy', textContent: label })
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = 'Copied'
      setTimeout(() => (button.textContent = label), 1500)
    } catch {
      const shown = element('pre', { tabIndex: 0, textContent: text })
      button.replaceWith(shown)
      getSelection()?.selectAllChildren(shown)
    }
  })
  return button
}
