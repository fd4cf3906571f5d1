/** What pressing LINE's action does, as far as a page can: https://developers.line.biz/en/reference/messaging-api/#action-objects */
export function toPressable(action) {
  const { type, label, text, displayText, uri, linkUri } = action ?? {}
  const name = label ?? text ?? type
  if (type === 'message') return { label: name, says: text ?? label }
  if (type === 'postback') return { label: name, says: displayText ?? text ?? label }
  return { label: name, url: uri ?? linkUri }
}
