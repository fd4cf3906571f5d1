import { copyable } from './command.js'
import { element, time } from './element.js'

const exactly = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** What a person wrote, as a list item: below it, at LINE, the reply token that it brought, and the command that replies with it. */
export function toOwnBubble({ text, at, replyToken, expiresAt }, isUsed, command) {
  const bubble = element('div', { className: 'bubble', textContent: text })
  const said = element('div', { className: 'said' }, bubble, element('span', { className: 'meta' }, time(at)))
  const item = element('li', { className: 'message own' }, said)
  if (replyToken === undefined) return item
  const fate = isUsed ? 'Reply token, used' : `Reply token, good for one reply until ${exactly.format(expiresAt)}`
  const code = element('code', { textContent: replyToken })
  const token = element('div', { className: isUsed ? 'token used' : 'token' }, element('span', {}, `${fate}: `, code))
  if (!isUsed) token.append(copyable(command, 'Copy the command that replies'))
  item.append(token)
  return item
}
