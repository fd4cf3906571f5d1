/** Deeper than any network's message, and far from where a recursion over it would end. */
const depthMax = 100

/** More than any network's message has side by side. */
const membersMax = 1000

/** Completes the sentence "The request body …" with what no honest client sends; `undefined` when it is nothing of it. */
export function whyTooIntricate(value: unknown, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (depth === depthMax) return `is nested deeper than ${depthMax} levels`
  const members = Object.values(value)
  if (members.length > membersMax) return `has more than ${membersMax} values side by side`
  for (const member of members) {
    const hindrance = whyTooIntricate(member, depth + 1)
    if (hindrance !== undefined) return hindrance
  }
  return undefined
}
