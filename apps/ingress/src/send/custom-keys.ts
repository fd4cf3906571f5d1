import type { Alert, Purpose } from '@ott/delivery'
import { z } from 'zod'

import { isObject } from '../property-names.ts'
import { absence, choice, optionalText, text } from '../wire-values.ts'
import { holdsRounded, rounded } from './blob.ts'
import { documented, own } from './messages.ts'

/** messagingType's values, each with the purpose it stands for. */
export const messagingTypes = {
  RESPONSE: 'response',
  UPDATE: 'update',
  MESSAGE_TAG: 'tagged',
} as const satisfies Record<string, Purpose>

/** notificationType's values, each with the alert it stands for. */
export const notificationTypes = {
  REGULAR: 'regular',
  SILENT_PUSH: 'silent',
  NO_PUSH: 'none',
} as const satisfies Record<string, Alert>

const notificationType = optionalText('NotificationType')
  .pipe(choice(notificationTypes, own.notificationTypeInvalid).optional())
  .describe('How loudly the person’s device tells of it.')

const mistyped = { error: 'CustomKeys must be an array of objects' }

/** Where a delivery's purpose means nothing, its keys are among those that are only kept. */
const withoutPurpose = z.looseObject({ notificationType }, mistyped)

const withPurpose = z
  .looseObject(
    {
      messagingType: text('MessagingType', documented.messagingType)
        .pipe(choice(messagingTypes, own.messagingTypeInvalid))
        .describe('Why the message may be sent. An answer to what the person wrote goes first.'),
      tag: optionalText('Tag').describe('Must be given where messagingType is MESSAGE_TAG.'),
      notificationType,
    },
    mistyped,
  )
  .refine(({ messagingType, tag }) => messagingType !== 'tagged' || tag !== undefined, absence(documented.tag))

/** What custom keys say of a delivery. `extras` are the keys that mean nothing here. */
type CustomKeys = {
  readonly purpose?: Purpose | undefined
  readonly tag?: string | undefined
  readonly alert?: Alert | undefined
  readonly extras?: Record<string, unknown> | undefined
}

/** Reads the custom keys, of a network that must be told a delivery's purpose or of one that need not. */
export function customKeys(needsPurpose: boolean) {
  const read = needsPurpose
    ? withPurpose.transform(({ messagingType, tag, notificationType: alert, ...rest }): CustomKeys => ({
        purpose: messagingType,
        tag,
        alert,
        extras: rest,
      }))
    : withoutPurpose.transform(({ notificationType: alert, ...rest }): CustomKeys => ({ alert, extras: rest }))
  return z.preprocess(merge, read).superRefine(({ extras }, context) => {
    if (holdsRounded(extras)) context.addIssue(`CustomKeys ${rounded}`)
  })
}

const names = new Map(['messagingType', 'tag', 'notificationType'].map((name) => [name.toLowerCase(), name]))

/** One object of them all, be they sent as one or as a list of several. What is neither is left to be refused. */
function merge(given: unknown): unknown {
  if (given === undefined || given === null) return {}
  const objects = Array.isArray(given) ? given : [given]
  if (!objects.every(isObject)) return given
  return Object.fromEntries(
    objects
      .flatMap((object) => Object.entries(object))
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [names.get(name.toLowerCase()) ?? name, value]),
  )
}
