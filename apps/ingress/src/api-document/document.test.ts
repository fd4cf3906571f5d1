import { expect, test } from '@jest/globals'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { networks } from '@ott/networks'
import { Scope } from '@ott/registry'
import { CallbackType } from '@ott/wire'
import { z } from 'zod'

import { errorcodes } from '../problem.ts'
import { documented, own } from '../send/messages.ts'
import { useIngress } from '../use-ingress.ts'
import { readDocument } from './documented-operations.ts'
import { createConformance } from './use-conformance.ts'

const ingress = useIngress()

const Document = z.object({
  components: z.object({
    schemas: z.object({
      Problem: z.object({ properties: z.object({ errorcode: z.object({ enum: z.array(z.number()) }) }) }),
      ValidationError: z.object({ properties: z.object({ message: z.object({ examples: z.array(z.string()) }) }) }),
    }),
  }),
})

const Routes = z.object({
  stack: z.array(
    z.object({
      route: z.object({ path: z.string(), methods: z.record(z.string(), z.boolean()) }).optional(),
    }),
  ),
})

test('a linter finds no fault with the document', async () => {
  const { text } = await ingress.request('GET', '/openapi.json')
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      // What is told to anybody refuses nobody.
      'operation-4xx-response': 'off',
      // A path without parameters goes first: https://spec.openapis.org/oas/v3.1.1.html#path-templating-matching
      'no-ambiguous-paths': 'off',
      'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: true },
    },
  })
  const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config })
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
})

test('every route is in the document, and every path of the document is a route', async () => {
  const { operations } = readDocument((await ingress.request('GET', '/openapi.json')).json)
  const routes = Routes.parse({ stack: ingress.app.router.stack }).stack.flatMap(({ route }) =>
    Object.keys(route?.methods ?? {})
      .filter((method) => method !== '_all')
      .map((method) => `${method.toUpperCase()} ${route?.path.replaceAll(/:(\w+)/g, '{$1}')}`),
  )
  const paths = operations.map(({ method, path }) => `${method} ${path}`)
  expect(paths.toSorted()).toEqual(routes.toSorted())
})

test('every error code, every message of a refused send and every scope is in the document', async () => {
  const { json, text } = await ingress.request('GET', '/openapi.json')
  const { Problem, ValidationError } = Document.parse(json).components.schemas
  expect(Problem.properties.errorcode.enum).toEqual(Object.values(errorcodes))
  for (const code of Object.values(errorcodes)) expect(text).toContain(`\\n| ${code} |`)
  expect(ValidationError.properties.message.examples).toEqual([...Object.values(documented), ...Object.values(own)])
  for (const scope of Scope.options) expect(text).toContain(`"bearer":["${scope}"]`)
})

const Webhook = z.object({
  post: z.object({
    requestBody: z.object({
      content: z.object({
        'application/json': z.object({
          schema: z.record(z.string(), z.unknown()),
          examples: z.record(z.string(), z.object({ value: z.unknown() })),
        }),
      }),
    }),
  }),
})

test('what each webhook brings is shown for each network, as its schema and the callbacks program have it', async () => {
  const { json } = await ingress.request('GET', '/openapi.json')
  const { webhooks } = z.object({ webhooks: z.record(z.string(), Webhook) }).parse(json)
  const { validateAnswer } = createConformance(json)
  expect(Object.keys(webhooks)).toEqual(CallbackType.options)
  for (const [type, { post }] of Object.entries(webhooks)) {
    const { schema, examples } = post.requestBody.content['application/json']
    expect(Object.keys(examples)).toEqual(Object.keys(networks).flatMap((name) => [name, `${name}-whole`]))
    for (const [name, { value }] of Object.entries(examples)) {
      expect([type, name, validateAnswer(schema, value)]).toEqual([type, name, undefined])
      expect(value).toMatchObject({ type, data: name.endsWith('-whole') ? { requestBody: {} } : {} })
    }
  }
})

test('the document is public, and asked for again only when it has changed', async () => {
  const first = await fetch(`${ingress.url()}/openapi.json`)
  expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'public, max-age=300'])
  const etag = first.headers.get('etag') ?? ''
  const again = await fetch(`${ingress.url()}/openapi.json`, {
    // Without it `fetch` adds one of its own, which asks for the whole.
    headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
  })
  expect([again.status, (await again.text()).length]).toEqual([304, 0])
})
