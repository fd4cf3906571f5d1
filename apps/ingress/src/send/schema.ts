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
        messageKey: text('Message Key', own.messageKey, { max: keyMax, error: own.messageKeyLong }),
        messageGroupKey: optionalText('Message Group Key', { max: keyMax, error: own.messageGroupKeyLong }),
        from: from(networks),
        to: to(rules.addressedBy),
        message: anyCase(
          z.object(
            {
              subject: optionalText('Subject'),
              contents: contents(rules),
              customKeys: customKeys(rules.needsPurpose),
            },
            { error: documented.message },
          ),
        ),
        validityPeriod: text('Validity Period', documented.validityPeriod).pipe(validity(validityUnit)),
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
        senderId: text('Sender Id', documented.senderId),
        senderType: text('Sender Type', documented.senderType).pipe(network),
      },
      { error: documented.from },
    ),
  )
}

function to(addressedBy: Rules['addressedBy']) {
  const recipient = z.object(
    { ottId: optionalText('OttId'), userReference: optionalText('UserReference') },
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
