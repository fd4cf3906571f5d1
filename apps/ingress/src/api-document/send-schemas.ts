import type { NetworkDefinition } from '@ott/delivery'

import type { Networks } from '../per-network.ts'
import { createSendSchema } from '../send/schema.ts'
import type { ValidityUnit } from '../send/validity.ts'
import { contentSchema } from './content-schemas.ts'
import { type Json, refTo, toJsonSchema, withProperty } from './json-schema.ts'

type Given = { readonly networks: Networks; readonly validityUnit: ValidityUnit | undefined }

/** The schemas of what is sent: a request and its contents for each network, and requests of any. */
export function sendSchemas({ networks, validityUnit }: Given): Json {
  const titles = Object.values(networks).map(({ title }) => title)
  const ofNetworks = Object.entries(networks).map(([name, definition]) => ofNetwork(name, definition, validityUnit))
  return {
    SendRequest: {
      title: 'A message to one person',
      anyOf: titles.map((title) => refTo('schemas', `${title}SendRequest`)),
    },
    BatchRequest: {
      title: 'One request of a batch',
      description: 'What it would be alone, with its Idempotency-Key as a property.',
      allOf: [refTo('schemas', 'SendRequest')],
      properties: {
        idempotencyKey: {
          type: 'string',
          minLength: 1,
          maxLength: 255,
          pattern: '^[ -~]+$',
          description: 'Makes it safe to repeat, in a batch or, as the header Idempotency-Key, alone.',
        },
      },
    },
    ...Object.assign({}, ...ofNetworks),
  }
}

function ofNetwork(name: string, definition: NetworkDefinition, validityUnit: Given['validityUnit']): Json {
  const { title, contentTypes } = definition
  const nameOf = (type: string) => `${title}${type.slice(0, 1).toUpperCase()}${type.slice(1)}Content`
  const contents = contentTypes.map((type) => [
    nameOf(type),
    { title: `${title}: ${type}`, ...contentSchema(type, definition) },
  ])
  return {
    [`${title}SendRequest`]: requestSchema(name, definition, validityUnit),
    [`${title}Content`]: {
      title: `What ${title} takes`,
      oneOf: contentTypes.map((type) => refTo('schemas', nameOf(type))),
      discriminator: {
        propertyName: 'type',
        mapping: Object.fromEntries(
          contentTypes.map((type) => [type, `#/components/schemas/${nameOf(type)}`] as const),
        ),
      },
    },
    ...Object.fromEntries(contents),
  }
}

function requestSchema(name: string, definition: NetworkDefinition, validityUnit: Given['validityUnit']): Json {
  const { title, contentsMax, addressedBy } = definition
  const schema = toJsonSchema(createSendSchema({ networks: [name], validityUnit }, definition))
  const addressed =
    addressedBy === 'id'
      ? { required: ['ottId'] }
      : { anyOf: [{ required: ['ottId'] }, { required: ['userReference'] }] }
  const withRecipient = withProperty(schema, ['to'], (to) => ({ ...to, ...addressed }))
  const withContents = withProperty(withRecipient, ['message', 'contents'], () => ({
    description: `1 to ${contentsMax} of what ${title} takes.`.replace('1 to 1 ', 'One '),
    type: 'array',
    minItems: 1,
    maxItems: contentsMax,
    items: refTo('schemas', `${title}Content`),
  }))
  return { title: `A message on ${title}`, ...withProperty(withContents, ['message', 'customKeys'], asList) }
}

/** Keys may come as one object as well; the document's own form is a list of objects. What must be among them is in one of them. */
function asList({ required, ...keys }: Json): Json {
  return {
    description: 'Further properties, each in an object of its own. What is not known is kept for the status.',
    type: 'array',
    items: keys,
    ...(required !== undefined && { contains: { type: 'object', properties: keys['properties'], required } }),
  }
}
