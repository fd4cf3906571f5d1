import type { Answer, Call } from '../call.ts'
import { refusal } from './answers.ts'

/** A body that is JSON, or why it is refused. */
export type Body =
  | { readonly body: unknown; readonly refused?: undefined }
  | { readonly body?: undefined; readonly refused: Answer }

/** Reads what every call of the message API must have: a JSON body of at most 2 MB. */
export function readBody({ headers, body }: Call): Body {
  if (body === undefined) return { refused: refusal(413, 'The request body is larger than 2 MB') }
  const contentType = headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(contentType))
    return { refused: refusal(415, `The content type, ${contentType}, is not supported`) }
  try {
    return { body: JSON.parse(body) }
  } catch (error) {
    return { refused: refusal(400, `The request body could not be parsed as JSON ${position(error)}`) }
  }
}

/** The value of a property that is text, of a body of any form. */
export function textOf(body: unknown, property: string): string | undefined {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, property) : undefined
  return typeof value === 'string' ? value : undefined
}

/** Where V8 says that the JSON broke off; it does not for every error. */
function position(error: unknown): string {
  const [, line = '-', column = '-'] = /\(line (\d+) column (\d+)\)/.exec(String(error)) ?? []
  return `(line: ${line}, column: ${column})`
}
