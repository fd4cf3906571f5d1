import { UsageFailure } from './failure.ts'

/** Each column that a CSV file can have, by the names of the API, and what it is for. */
export const columns = {
  messageKey: 'your label of the message',
  messageGroupKey: 'a label of several messages',
  senderType: 'line or messenger',
  senderId: 'the channel id or page id',
  ottId: "the person's id",
  userReference: 'a reply token or user_ref',
  subject: 'kept for the status, not sent',
  text: 'what it says',
  contents: 'or its contents as JSON',
  messagingType: 'for Messenger: RESPONSE, UPDATE or MESSAGE_TAG',
  tag: 'of a MESSAGE_TAG',
  notificationType: 'REGULAR, SILENT_PUSH or NO_PUSH',
  validityPeriod: 'how long it is worth delivering',
} as const

const byLowerCase = new Map(Object.keys(columns).map((name) => [name.toLowerCase(), name]))

/** The columns that a header names, in any case. Throws a UsageFailure for one that is unknown: a name misspelt must not go unseen. */
export function toColumns(header: readonly string[]): readonly string[] {
  const found = header.map((given) => byLowerCase.get(given.trim().toLowerCase()))
  const unknown = header.filter((_given, place) => found[place] === undefined)
  const twice = found.filter((name, place) => found.indexOf(name) !== place)
  if (unknown.length > 0)
    throw new UsageFailure(
      `Unknown columns: ${unknown.map((name) => JSON.stringify(name)).join(', ')}. There are: ${Object.keys(columns).join(', ')}.`,
    )
  if (twice.length > 0) throw new UsageFailure(`The column ${twice[0]} is there twice.`)
  return found.flatMap((name) => name ?? [])
}

/** The request that a row stands for; what cannot be one says why. A cell that is blank is as none. */
export function toRequestBody(
  names: readonly string[],
  row: readonly string[],
): { body: object } | { problem: string } {
  if (row.length !== names.length) return { problem: `The row has ${row.length} cells, and the header ${names.length}` }
  const cell = (name: keyof typeof columns): string | undefined => {
    const text = row[names.indexOf(name)] ?? ''
    return text.trim() === '' ? undefined : text
  }
  const contents = toContents(cell('text'), cell('contents'))
  if (typeof contents === 'string') return { problem: contents }
  const [messagingType, tag, notificationType] = [cell('messagingType'), cell('tag'), cell('notificationType')]
  return {
    body: {
      messageKey: cell('messageKey'),
      messageGroupKey: cell('messageGroupKey'),
      from: { senderType: cell('senderType'), senderId: cell('senderId') },
      to: { ottId: cell('ottId'), userReference: cell('userReference') },
      message: { subject: cell('subject'), contents, customKeys: [{ messagingType, tag, notificationType }] },
      validityPeriod: cell('validityPeriod'),
    },
  }
}

/** What a row says, or why it cannot be told. */
function toContents(text: string | undefined, json: string | undefined): readonly unknown[] | string {
  if (text !== undefined && json !== undefined) return 'The row has both text and contents'
  if (json === undefined) return text === undefined ? [] : [{ type: 'text', text }]
  try {
    const contents: unknown = JSON.parse(json)
    return Array.isArray(contents) ? contents : [contents]
  } catch {
    return 'The contents are not valid JSON'
  }
}
