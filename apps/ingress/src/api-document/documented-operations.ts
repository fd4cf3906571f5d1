import { z } from 'zod'

const Media = z.object({
  schema: z.record(z.string(), z.unknown()),
  examples: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
})
const Content = z.record(z.string(), Media)
const Header = z.object({
  $ref: z.string().optional(),
  required: z.boolean().default(false),
  schema: z.record(z.string(), z.unknown()).default({}),
})
const Answer = z.object({
  $ref: z.string().optional(),
  content: Content.optional(),
  headers: z.record(z.string(), Header).default({}),
})

const Operation = z.object({
  operationId: z.string(),
  security: z.array(z.unknown()),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(z.string(), Answer),
})

const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    responses: z.record(z.string(), Answer),
    headers: z.record(z.string(), Header),
  }),
})

/** One call of the API as its document has it. `answers` are by status. */
export type DocumentedOperation = z.infer<typeof Operation> & {
  readonly method: string
  readonly path: string
  readonly guarded: boolean
  readonly answers: ReadonlyMap<number, z.infer<typeof Answer>>
}

/** The headers of an answer by their names. */
export type DocumentedHeaders = z.infer<typeof Answer>['headers']

/** A part of the document itself, or the one that it refers to. */
function referred<Part>(parts: Readonly<Record<string, Part>>, part: Part & { $ref?: string | undefined }): Part {
  return parts[part.$ref?.split('/').at(-1) ?? ''] ?? part
}

/** Reads the operations off the API's document, and its schemas. */
export function readDocument(document: unknown) {
  const { paths, components } = Document.parse(document)
  const resolve = (given: z.infer<typeof Answer>) => {
    const answer = referred(components.responses, given)
    const headers = Object.entries(answer.headers).map(([name, header]) => [name, referred(components.headers, header)])
    return { ...answer, headers: Object.fromEntries(headers) }
  }
  const toOperation = (path: string, method: string, operation: z.infer<typeof Operation>): DocumentedOperation => ({
    ...operation,
    path,
    method: method.toUpperCase(),
    guarded: operation.security.length > 0,
    answers: new Map(Object.entries(operation.responses).map(([status, answer]) => [Number(status), resolve(answer)])),
  })
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => toOperation(path, method, operation)),
  )
  return { operations, schemas: components.schemas, headers: Object.keys(components.headers) }
}
