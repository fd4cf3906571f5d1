import { DeferralReason, RefusalReason } from '@ott/delivery'
import type { FailedSelection, RedriveBounds } from '@ott/queue'
import { z } from 'zod'

import { invalid } from '../problem.ts'
import { isObject } from '../property-names.ts'
import { own } from '../send/messages.ts'
import { once, toValidationError } from '../validation-errors.ts'
import { anyCase, choice, optionalFlag, optionalText, text, toText } from '../wire-values.ts'
import { optionalCursor } from './cursor.ts'

/** What a client asks to be redriven, of its own account. */
type RedriveRequest = {
  /** Whether it is only to be told what would be. */
  readonly dryRun: boolean
  readonly selection: FailedSelection
  readonly bounds: RedriveBounds
}

/** Reads the body of an account's redrive request. Throws a Problem that tells everything that is wrong with it. */
export type ReadRedriveRequest = (body: unknown, account: string) => RedriveRequest

const limitMax = 10_000
const limitUsual = 1000

/** A client that waits for an answer has it in about this time, and goes on with the cursor. */
const forMs = 1000

/** The properties that narrow what is redriven. */
const criteria = new Set(['senderType', 'senderId', 'reasons', 'failedFrom', 'failedTo'])

const reasons = Object.fromEntries([...DeferralReason.options, ...RefusalReason.options].map((name) => [name, name]))

export function createReadRedriveRequest(networks: readonly string[]): ReadRedriveRequest {
  const schema = createRedriveSchema(networks)
  return (body, account) => {
    const parsed = schema.safeParse(body, { reportInput: true })
    if (!parsed.success) throw invalid(once(parsed.error.issues.map(toValidationError)))
    const { senderType: network, senderId: sender, dryRun = true, limit, cursor: after, ...rest } = parsed.data
    return { dryRun, selection: { account, network, sender, ...rest }, bounds: { limit, forMs, after } }
  }
}

/** The schema of a redrive request. Property names may come in any case. */
export function createRedriveSchema(networks: readonly string[]) {
  const network = choice(Object.fromEntries(networks.map((name) => [name, name])), own.senderTypeInvalid)
  const reason = text('Reason', 'Reasons has an empty value').pipe(
    choice(reasons, `Reasons has a value other than ${Object.keys(reasons).join(', ')}`),
  )
  const properties = z.object(
    {
      senderType: optionalText('Sender Type').pipe(network.optional()).describe('Of this network alone.'),
      senderId: optionalText('Sender Id').describe('Of this sender alone.'),
      reasons: z
        .array(reason, { error: 'Reasons must be a list' })
        .optional()
        .describe('What failed for one of these.'),
      failedFrom: optionalTime('FailedFrom').describe('What failed then or later.'),
      failedTo: optionalTime('FailedTo').describe('What failed then or before.'),
      includeAmbiguous: optionalFlag('IncludeAmbiguous').describe(
        'Also what the network may have taken: the person may get it twice.',
      ),
      dryRun: optionalFlag('DryRun').describe('Only tells what would be tried again: so unless `false` is given.'),
      limit: optionalLimit().describe('How many are tried again at most.'),
      cursor: optionalCursor(networks).describe('Goes on where the answer with this cursor ended.'),
    },
    { error: 'The request body must be an object' },
  )
  return onlyMeant(
    Object.keys(properties.shape),
    anyCase(properties).refine(({ failedFrom = 0, failedTo = Infinity }) => failedFrom <= failedTo, {
      error: 'FailedFrom must not be after FailedTo',
    }),
  )
}

/**
 * Elsewhere what is not known is passed over, and what is empty counts as left out. Here a criterion that is written wrong, or
 * that a client has forgotten to fill in, would widen what is redriven.
 */
function onlyMeant<Schema extends z.ZodType>(names: readonly string[], schema: Schema) {
  const known = new Map(names.map((name) => [name.toLowerCase(), name]))
  return z
    .transform((body: unknown, context) => {
      for (const [given, value] of Object.entries(isObject(body) ? body : {})) {
        const name = known.get(given.toLowerCase())
        if (name === undefined) context.addIssue(`The request body has a property that is none of ${names.join(', ')}`)
        else if (criteria.has(name) && (value === null || toText(value) === undefined))
          context.addIssue(`${name} must not be empty: leave it out to mean all`)
      }
      return body
    })
    .pipe(schema)
}

/** In milliseconds since 1970. */
function optionalTime(name: string) {
  const error = `${name} must be a date and time with its zone, such as 2026-11-23T09:30:00Z`
  return optionalText(name).pipe(z.iso.datetime({ offset: true, abort: true, error }).transform(Date.parse).optional())
}

function optionalLimit() {
  const error = `Limit must be a whole number from 1 to ${limitMax}`
  const digits = z.string({ error }).regex(/^\d{1,5}$/, error)
  const number = digits.transform(Number).refine((value) => value >= 1 && value <= limitMax, error)
  const wanted = { type: 'integer', pattern: undefined, minimum: 1, maximum: limitMax, default: limitUsual } as const
  return z.preprocess(toText, number.default(limitUsual)).meta(wanted)
}
