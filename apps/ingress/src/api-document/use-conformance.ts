import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

import { isObject } from '../property-names.ts'
import { type DocumentedHeaders, type DocumentedOperation, readDocument } from './documented-operations.ts'

type Sent = { readonly body?: string; readonly headers?: Readonly<Record<string, string>> }

/** Makes calls that must be as the API's document says. */
export function createConformance(document: unknown) {
  const { operations, schemas, headers: headerNames } = readDocument(document)
  const asked = createValidator(schemas)
  const answered = createValidator(closed(schemas))
  const seen = new Set<string>()

  /** Calls, and throws where the call or its answer is not in the document. */
  async function call(url: string, method: string, path: string, { body, headers = {} }: Sent = {}) {
    const operation = operationFor(operations, method, path)
    const response = await fetch(url + path, { method, headers, body: body ?? null })
    const text = await response.text()
    const answer = operation.answers.get(response.status)
    const called = `${method} ${path}: ${response.status} ${text.slice(0, 300)}`
    if (answer === undefined) throw new Error(`this status is not in the document: ${called}`)
    seen.add(`${operation.operationId} ${response.status}`)
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    const schema = answer.content?.[type]?.schema
    if (text === '' ? answer.content !== undefined && response.status !== 304 : schema === undefined)
      throw new Error(`this type of content is not in the document: ${type}: ${called}`)
    const json: unknown = type === 'application/json' ? JSON.parse(text) : text
    if (schema !== undefined) expectValid(answered(schema, json), called)
    for (const { name, schema: form, value } of headersOf(answer, response, called)) {
      expectValid(asked(form, value), `${name} of ${called}`)
      seen.add(name)
    }
    const sent = operation.requestBody?.content[headers['content-type'] ?? '']
    if (response.ok && sent !== undefined) expectValid(asked(sent.schema, JSON.parse(body ?? '')), `asked ${called}`)
    return { status: response.status, json, etag: response.headers.get('etag') ?? '' }
  }

  const documented = operations.flatMap(({ operationId, answers }) =>
    [...answers.keys()].map((status) => `${operationId} ${status}`),
  )
  return {
    call,
    operations,
    validate: asked,
    validateAnswer: answered,
    seen,
    documented: new Set([...documented, ...headerNames]),
  }
}

/** The headers that are in the document, as they are there. */
function headersOf({ headers }: { headers: DocumentedHeaders }, response: Response, called: string) {
  return Object.entries(headers).flatMap(([name, { schema, required }]) => {
    const value = response.headers.get(name)
    if (value === null && required) throw new Error(`there is no ${name}: ${called}`)
    return value === null ? [] : { name, schema, value: schema['type'] === 'integer' ? Number(value) : value }
  })
}

function expectValid(faults: string | undefined, called: string): void {
  if (faults !== undefined) throw new Error(`${called}: ${faults}`)
}

function createValidator(schemas: unknown) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  const compiled = new Map<object, ValidateFunction>()
  return (schema: Readonly<Record<string, unknown>>, value: unknown): string | undefined => {
    const validate = compiled.get(schema) ?? ajv.compile({ ...schema, components: { schemas } })
    compiled.set(schema, validate)
    return validate(value) ? undefined : ajv.errorsText(validate.errors)
  }
}

/** A path without parameters goes before one that has them. */
function operationFor(operations: readonly DocumentedOperation[], method: string, path: string): DocumentedOperation {
  const matching = operations.filter(
    (each) =>
      each.method === method &&
      new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path.split('?')[0] ?? ''),
  )
  const found = matching.find((each) => !each.path.includes('{')) ?? matching[0]
  if (found === undefined) throw new Error(`this call is not in the document: ${method} ${path}`)
  return found
}

/** Answers have nothing that the document does not name. */
function closed(schemas: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, /(Request|Content)$/.test(name) ? schema : close(schema)]),
  )
}

function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close)
  if (!isObject(schema)) return schema
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, close(part)]))
  return 'properties' in parts ? { additionalProperties: false, ...parts } : parts
}
