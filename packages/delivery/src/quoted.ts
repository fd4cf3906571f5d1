const hidden = '…'

/** Too short to be told apart from a word of the message it stands in. */
const leastHiddenLength = 4

/**
 * Makes the function that takes out of a text whatever it quotes of the data: networks quote what they were sent. The types of
 * things stay, which are the networks' words.
 */
export function hider(data: unknown): (text: string) => string {
  const texts = textsIn(data).filter((text) => text.length >= leastHiddenLength)
  // The longest first: one may be part of another.
  const hide = [...new Set(texts)].toSorted((a, b) => b.length - a.length)
  return (text) => hide.reduce((rest, quoted) => rest.replaceAll(quoted, hidden), text)
}

/** Every text and number in the data, as it is and as JSON has it, but for the types of things. */
function textsIn(data: unknown): string[] {
  if (typeof data === 'string') return [data, JSON.stringify(data).slice(1, -1)]
  if (typeof data === 'number') return [String(data)]
  if (typeof data !== 'object' || data === null) return []
  return Object.entries(data).flatMap(([name, value]) => (name === 'type' ? [] : textsIn(value)))
}
