import type { NetworkDefinition, SenderAttribute } from '@ott/delivery'

import type { Networks } from '../per-network.ts'
import { createRegistrationSchema } from '../registration/request.ts'
import { type Json, refTo, toJsonSchema, withProperty } from './json-schema.ts'

const attributesPath = ['ottPlatformAttributes']

/** The schemas of senders, as they are registered and as they are told, for each network and of any. */
export function registrationSchemas(networks: Networks): Json {
  const of = (suffix: string) => Object.values(networks).map(({ title }) => refTo('schemas', `${title}${suffix}`))
  const each = Object.entries(networks).flatMap(([name, definition]) => [
    [`${definition.title}RegistrationRequest`, requestSchema(name, definition)] as const,
    [`${definition.title}Registration`, answerSchema(name, definition)] as const,
  ])
  return {
    RegistrationRequest: { title: 'A sender to be registered', anyOf: of('RegistrationRequest') },
    Registration: { title: 'A registered sender', anyOf: of('Registration') },
    ...Object.fromEntries(each),
  }
}

function requestSchema(name: string, { title, senderAttributes, senderId }: NetworkDefinition): Json {
  const schema = toJsonSchema(createRegistrationSchema([name], senderAttributes, []))
  const described = senderAttributes.reduce(
    (given, attribute) =>
      withProperty(given, [...attributesPath, attribute.name], (property) => ({
        ...property,
        ...remarkOn(attribute, senderId),
      })),
    // zod tells an intersection both ways.
    withProperty(schema, attributesPath, ({ allOf: _both, ...attributes }) => attributes),
  )
  return { title: `A sender on ${title}`, ...described }
}

function remarkOn({ name, ...attribute }: SenderAttribute, senderId: string): Json {
  if (name === senderId) return { description: 'The sender’s id: the `senderId` of what it sends.' }
  if (attribute.kind === 'secret') return { description: 'Kept sealed, and never told.', writeOnly: true }
  return attribute.kind === 'choice' ? { default: attribute.choices[0] } : {}
}

function answerSchema(name: string, { title, senderAttributes }: NetworkDefinition): Json {
  const shown = senderAttributes
    .filter(({ kind }) => kind !== 'secret')
    .map(({ name: attribute, kind }) => [attribute, { type: kind === 'flag' ? 'boolean' : 'string' }] as const)
  return {
    title: `A registered sender on ${title}`,
    type: 'object',
    required: ['ottPlatformName', 'ottPlatformAttributes'],
    properties: {
      ottPlatformName: { const: name },
      ottPlatformAttributes: {
        type: 'object',
        required: ['endpointUrl', 'isActive', 'apiVersion'],
        properties: {
          ...Object.fromEntries(shown),
          endpointUrl: { type: 'string' },
          isActive: { type: 'boolean' },
          apiVersion: { type: 'string', description: 'The version of the network’s API that is spoken.' },
        },
      },
    },
  }
}
