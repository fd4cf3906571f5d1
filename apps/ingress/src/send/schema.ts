import { Content, type NetworkDefinition } from '@ott/delivery'
import { z } from 'zod'

import { absence, anyCase, choice, optionalText, text } from '../wire-values.ts'
import { contents, type ContentRules } from './contents.ts'
import { customKeys } from './custom-keys.ts'
import { documented, own } from './messages.ts'
import { validity, type ValidityUnit } from './validity.ts'

/** What a network says of the deliveries it takes. */
type Rules = ContentRules & Pick<NetworkDefinition, 'needsPurpose'> & Partial<Pick<NetworkDefinition, 'addressedBy'>>

/** The rules that hold on every network: all that can be checked where it is not known which one is meant. */
export const anyNetwork: Rules = {
  contentTypes: ['text', 'image', 'audio', 'video', 'file', 'native'],
  takesAttachmentIds: true,
  needsPurpose: false,
  limits: Content,
}

const keyMax = 100

/** What holds on every network: the names of all there are, and what a bare number of validity counts. */
type Given = { readonly networks: readonly string[]; readonly validityUnit: ValidityUnit | undefined }

/** The schema of a send request for a network with these rules. Property names may come in any case. */
export function createSendSchema({ networks, validityUnit }: Given, rules: Rules) {
  return anyCase(
    z.object(
      {
        messageKey: text('Message Key', own.messageKey, { max: keyMax, error: own.messageKeyLong }).describe(
          'Your own name of the message. Its status is found by it; of several with the same key, that of the newest.',
        ),
        messageGroupKey: optionalText('Message Group Key', { max: keyMax, error: own.messageGroupKeyLong }).describe(
          'Your own name of what the message belongs to, such as a campaign.',
        ),
        from: from(networks).describe('Who writes: a sender that was registered.'),
        to: to(rules.addressedBy).describe('Whom it is for.'),
        message: anyCase(
          z.object(
            {
              subject: optionalText('Subject').describe('Kept for the status; no person sees it.'),
              contents: contents(rules),
              customKeys: customKeys(rules.needsPurpose),
            },
            { error: documented.message },
          ),
        ).describe('What it says.'),
        validityPeriod: text('Validity Period', documented.validityPeriod)
          .pipe(validity(validityUnit))
          .describe(
            'How long the message is worth delivering, as an ISO 8601 duration in weeks, days, hours, minutes and seconds: it is never ' +
              `delivered later. ${validityUnit === undefined ? 'What' : `A bare number counts ${validityUnit}; what`} is none is kept, and means nothing.`,
          ),
      },
      { error: 'The request body must be an object' },
    ),
  )
}

/** A send request that is right, its values in the words of the domain. */
export type SendRequest = z.output<ReturnType<typeof createSendSchema>>

function from(networks: readonly string[]) {
  const network = choice(Object.fromEntries(networks.map((name) => [name, name])), own.senderTypeInvalid)
  return anyCase(
    z.object(
      {
        senderId: text('Sender Id', documented.senderId).describe('The id that the sender was registered with.'),
        senderType: text('Sender Type', documented.senderType).pipe(network).describe('Which network it writes on.'),
      },
      { error: documented.from },
    ),
  )
}

function to(addressedBy: Rules['addressedBy']) {
  const recipient = z.object(
    {
      ottId: optionalText('OttId').describe('The person’s id on the network.'),
      userReference: optionalText('UserReference').describe(
        'A further, usually short-lived way to the person, such as a reply token, which is tried first.',
      ),
    },
    { error: documented.to },
  )
  switch (addressedBy) {
    case undefined:
      return anyCase(recipient)
    case 'id':
      return anyCase(recipient.refine(({ ottId }) => ottId !== undefined, absence(documented.ottId)))
    case 'id or reference':
      return anyCase(
        recipient.refine(
          ({ ottId, userReference }) => ottId !== undefined || userReference !== undefined,
          absence(documented.ottIdOrUserReference),
        ),
      )
  }
}
