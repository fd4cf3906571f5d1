import type { Sender, SenderAttribute } from '@ott/delivery'
import { whyNotEndpoint } from '@ott/networks'
import { z } from 'zod'

import { type Networks, perNetwork } from '../per-network.ts'
import { invalid } from '../problem.ts'
import { documentedCase, propertyReader } from '../property-names.ts'
import { once, toValidationError } from '../validation-errors.ts'
import { anyCase, choice, flag, optionalFlag, optionalText, text } from '../wire-values.ts'

/** Reads the body of a registration. Throws a Problem that tells everything that is wrong with it. */
export type ReadRegistration = (body: unknown) => Omit<Sender, 'revision' | 'account'>

const platformNameOf = propertyReader('ottPlatformName')

/** What is asked for is each network's `senderAttributes`; where the body names no network, what all have in common. */
export function createReadRegistration(networks: Networks, endpointHosts: readonly string[]): ReadRegistration {
  const names = Object.keys(networks)
  const common = createRegistrationSchema(names, [], endpointHosts)
  const find = perNetwork(networks, (_network, { senderAttributes, senderId }) => ({
    senderId,
    schema: createRegistrationSchema(names, senderAttributes, endpointHosts),
  }))
  return (body) => {
    const named = find(platformNameOf(body))
    const parsed = (named?.schema ?? common).safeParse(body, { reportInput: true })
    if (!parsed.success || named === undefined) throw invalid(once((parsed.error?.issues ?? []).map(toValidationError)))
    const { endpointUrl, isActive, ...given } = parsed.data.ottPlatformAttributes
    const attributes: Sender['attributes'] = {}
    for (const [name, value] of Object.entries(given)) if (value !== undefined) attributes[name] = value
    return {
      network: parsed.data.ottPlatformName,
      id: String(attributes[named.senderId]),
      active: isActive,
      endpointUrl,
      attributes,
    }
  }
}

/** The schema of a registration with these attributes, whose endpoint is at one of these hosts. Property names may come in any case. */
export function createRegistrationSchema(
  networks: readonly string[],
  attributes: readonly SenderAttribute[],
  hosts: readonly string[],
) {
  const network = choice(Object.fromEntries(networks.map((name) => [name, name])), 'OttPlatformName is invalid')
  return anyCase(
    z.object(
      {
        ottPlatformName: text('OttPlatformName', 'OttPlatformName must be provided').pipe(network),
        ottPlatformAttributes: platformAttributes(attributes, hosts),
      },
      { error: 'The request body must be an object' },
    ),
  )
}

function platformAttributes(attributes: readonly SenderAttribute[], hosts: readonly string[]) {
  const mistyped = { error: 'OttPlatformAttributes is invalid' }
  const endpoint = z.object(
    {
      endpointUrl: text('EndpointUrl', 'EndpointUrl must be provided')
        .superRefine((url, context) => {
          const hindrance = whyNotEndpoint(url, hosts)
          if (hindrance !== undefined) context.addIssue(`EndpointUrl is invalid: ${hindrance}`)
        })
        .describe('Where the network’s API is: an https URL at a host that the operator allows.'),
      isActive: flag('IsActive').describe('Whether it may send.'),
    },
    mistyped,
  )
  const own = z.object(Object.fromEntries(attributes.map((attribute) => [attribute.name, read(attribute)])), mistyped)
  return z.preprocess(
    documentedCase([...Object.keys(endpoint.shape), ...Object.keys(own.shape)]),
    z.intersection(endpoint, own),
  )
}

function read(attribute: SenderAttribute) {
  const { name, kind, required } = attribute
  if (kind === 'flag') return required ? flag(name) : optionalFlag(name)
  const title = name.slice(0, 1).toUpperCase() + name.slice(1)
  if (kind === 'choice')
    return optionalText(title).pipe(
      z.enum(attribute.choices, `${title} must be ${attribute.choices.join(' or ')}`).optional(),
    )
  return required ? text(title, `${title} must be provided`) : optionalText(title)
}
