import { beforeAll, describe, expect, test } from '@jest/globals'
import { networks } from '@ott/networks'

import { isObject } from '../property-names.ts'
import { itemsOf } from '../send/use-batches.ts'
import { aClient, call } from '../use-ingress.ts'
import { useStoredIngress } from '../use-stored-ingress.ts'
import { sendExample } from './examples.ts'
import { readDocument } from './documented-operations.ts'
import { createConformance } from './use-conformance.ts'

const ingress = useStoredIngress({ settings: { REQUESTS_PER_SECOND: '1000000' } })
let shop: Awaited<ReturnType<typeof ingress.become>>
let document: unknown

beforeAll(async () => {
  shop = await ingress.become(aClient().account)
  document = await (await fetch(`${ingress.url()}/openapi.json`)).json()
})

/** The examples of what is sent with a call, each with its type. */
function examplesOf(operationId: string) {
  const { operations } = readDocument(document)
  const { method = '', path = '', requestBody } = operations.find((each) => each.operationId === operationId) ?? {}
  const bodies = Object.entries(requestBody?.content ?? {}).flatMap(([type, { examples }]) =>
    Object.values(examples).map(({ value }) => ({ type, value })),
  )
  expect(bodies).not.toEqual([])
  return { method, path, bodies }
}

/** Makes a call with each of its examples. */
async function callWithExamples(operationId: string) {
  const { method, path, bodies } = examplesOf(operationId)
  return Promise.all(
    bodies.map(({ type, value }) =>
      call(ingress.url() + path, {
        method,
        headers: { ...shop.headers, 'content-type': type },
        body: typeof value === 'string' ? value : JSON.stringify(value),
      }),
    ),
  )
}

describe('what the document has for examples is taken by the ingress', () => {
  test('senders, and what is sent from them, on each network', async () => {
    const registered = await callWithExamples('register')
    expect(registered.map(({ status }) => status)).toEqual(Object.keys(networks).map(() => 201))
    for (const { status, text } of await callWithExamples('send'))
      expect([status, text]).toEqual([201, expect.anything()])
    for (const { json } of await callWithExamples('sendBatch'))
      expect(itemsOf(json).map(({ status }) => status)).toEqual(Object.keys(networks).map(() => 201))
  })

  test('what is to be tried again', async () => {
    for (const { status } of await callWithExamples('redrive')) expect(status).toBe(200)
  })

  test('a callback', async () => {
    for (const { status } of await callWithExamples('registerCallback')) expect([200, 201]).toContain(status)
  })

  test('each type of content that a network takes has one', () => {
    const told = examplesOf('send').bodies.map(({ value }) => JSON.stringify(value))
    for (const [name, { contentTypes }] of Object.entries(networks))
      for (const type of contentTypes)
        expect(told.filter((each) => each.includes(`"${name}"`) && each.includes(`"type":"${type}"`))).toHaveLength(1)
  })
})

/** A JSON value with one of its members, at each place in turn, left out or made very long. */
function changesOf(value: unknown, isWhole = true): unknown[] {
  if (typeof value === 'string') return isWhole ? [] : [value.padEnd(1001, 'X'), value.padEnd(6000, 'X')]
  if (Array.isArray(value)) return [[], ...changesOf(value[0], false).map((each) => [each])]
  if (!isObject(value)) return []
  return Object.keys(value).flatMap((name) => {
    const { [name]: member, ...others } = value
    // A native payload is the network's own affair below its first level.
    const inside = name === 'nativePayload' && !isWhole ? [{}] : changesOf(member, false)
    return [others].concat(inside.map((each) => Object.assign({}, others, { [name]: each })))
  })
}

/** Sends, again where Redis was slow to answer: a disk may stall. */
async function isTaken(request: unknown): Promise<boolean> {
  const { status } = await shop.request('POST', '/ott/v1/send', request)
  return status === 503 ? isTaken(request) : status === 201
}

test('what the schema of a request takes is taken by the ingress, and nothing else', async () => {
  await callWithExamples('register')
  const { validate } = createConformance(document)
  for (const [name, definition] of Object.entries(networks)) {
    const requests = definition.contentTypes.flatMap((type) => changesOf(sendExample(name, definition, type)))
    expect(requests.length).toBeGreaterThan(100)
    const schema = { $ref: `#/components/schemas/${definition.title}SendRequest` }
    // What another sender or network is said to be is no matter of form.
    const ofForm = requests.filter((each) => !JSON.stringify(each).includes('1234567890XX'))
    const taken: boolean[] = []
    for (const each of ofForm) taken.push(await isTaken(each))
    const told = ofForm.map((each) => validate(schema, each) === undefined)
    const differing = ofForm.flatMap((each, index) =>
      taken[index] === told[index]
        ? []
        : `${taken[index] === true ? 'taken' : 'refused'}: ${JSON.stringify(each).replaceAll(/X{9,}/g, 'X…')}`,
    )
    expect(differing).toEqual([])
    expect(new Set(told)).toEqual(new Set([true, false]))
  }
})
