import type { ContentType, NetworkDefinition, SenderAttribute } from '@ott/delivery'
import { messagingTypes } from '@ott/wire'

import { toItem } from '../registration/answer.ts'
import { contentSchema } from './content-schemas.ts'
import type { Json } from './json-schema.ts'

/** What looks like a network's own. */
type Looks = { readonly person: string; readonly endpointUrl: string; readonly native: Json }

/** A network that is not among them has examples all the same, which look like nobody's. */
const looks = new Map<string, Looks>([
  [
    'line',
    {
      person: 'U0123456789abcdef0123456789abcdef',
      endpointUrl: 'https://api.line.me',
      native: { type: 'sticker', packageId: '446', stickerId: '1988' },
    },
  ],
  [
    'messenger',
    {
      person: '2468013579',
      endpointUrl: 'https://graph.facebook.com/v26.0/me/messages',
      native: {
        attachment: { type: 'template', payload: { template_type: 'generic', elements: [{ title: 'Hello' }] } },
      },
    },
  ],
])
const nobodys: Looks = {
  person: 'person-1',
  endpointUrl: 'https://network.example.com',
  native: { type: 'text', text: 'HELLO' },
}

/** Whom the examples are for, on a network. */
export function personOf(network: string): string {
  return (looks.get(network) ?? nobodys).person
}

/** Whom they are from. */
export const senderId = '1234567890'
const files = 'https://example.com/files'
const previewed = (name: string) => ({ url: `${files}/${name}`, altUrl: `${files}/small.jpg` })

const contents: Readonly<Record<ContentType, Json>> = {
  text: { text: 'HELLO' },
  image: previewed('photo.jpg'),
  audio: { url: `${files}/song.m4a`, duration: '61000' },
  video: previewed('film.mp4'),
  file: { url: `${files}/bill.pdf`, isReusable: true },
  native: {},
}

/** What a content has beside the medium itself, on some networks. */
const besides: ReadonlySet<string> = new Set(['altUrl', 'duration'])

/** Requests to send on a network: one for each type of content that it takes, by the names of the examples. */
export function sendExamples(network: string, definition: NetworkDefinition): Json {
  const { title, contentTypes } = definition
  return Object.fromEntries(
    contentTypes.map((type) => [
      `${network}-${type}`,
      { summary: `${title}: ${type}`, value: sendExample(network, definition, type) },
    ]),
  )
}

/** A request to send content of this type. */
export function sendExample(network: string, definition: NetworkDefinition, type: ContentType): Json {
  const { native } = looks.get(network) ?? nobodys
  const content = { type, ...contentOf(type, definition), ...(type === 'native' && { nativePayload: native }) }
  const [messagingType] = Object.keys(messagingTypes)
  return {
    messageKey: `order-4711-${type}`,
    from: { senderType: network, senderId },
    to: { ottId: personOf(network) },
    message: { contents: [content], customKeys: definition.needsPurpose ? [{ messagingType }] : [] },
    validityPeriod: 'PT30M',
  }
}

/** Without what the network does not ask for, and does nothing with. */
function contentOf(type: ContentType, definition: NetworkDefinition): Json {
  const { required } = contentSchema(type, definition)
  const isShown = (name: string) => !besides.has(name) || (Array.isArray(required) && required.includes(name))
  return Object.fromEntries(Object.entries(contents[type]).filter(([name]) => isShown(name)))
}

/** A sender to be registered on a network: the one that the examples send from. */
export function registrationExample(network: string, definition: NetworkDefinition): Json {
  const { endpointUrl } = looks.get(network) ?? nobodys
  return {
    ottPlatformName: network,
    ottPlatformAttributes: {
      ...Object.fromEntries(definition.senderAttributes.map((attribute) => [attribute.name, exampleOf(attribute)])),
      [definition.senderId]: senderId,
      endpointUrl,
      isActive: true,
    },
  }
}

function exampleOf(attribute: SenderAttribute): string | boolean {
  switch (attribute.kind) {
    case 'text':
      return 'Web shop'
    case 'secret':
      return 'a-secret'
    case 'flag':
      return false
    case 'choice':
      return attribute.choices[0]
  }
}

/** A registered sender as it is told. */
export function registeredExample(network: string, definition: NetworkDefinition) {
  const { endpointUrl } = looks.get(network) ?? nobodys
  const attributes = Object.fromEntries(
    definition.senderAttributes.map((attribute) => [attribute.name, exampleOf(attribute)]),
  )
  const registered = { account: '', network, id: senderId, active: true, endpointUrl, revision: '' }
  return toItem({ ...registered, attributes: { ...attributes, [definition.senderId]: senderId } }, definition)
}

/** An id as the API gives it. */
export const ottRequestId = '0b1f4c1e-6d5e-4b6a-9a63-6c0d9a1f2b3c'
