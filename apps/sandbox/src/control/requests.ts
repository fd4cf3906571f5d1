import { z } from 'zod'

import { lineFaults, lineOperations } from '../line/faults.ts'
import { messengerFaults, messengerOperations } from '../messenger/faults.ts'

// The bodies and queries of the control API. A property that is not known is a mistake, and told.

const lineId = z.string().regex(/^[UCR][0-9a-f]{32}$/, 'must be a LINE id: U, C or R and 32 hexadecimal digits')

export const ReplyTokenRequest = z.strictObject({
  userId: lineId,
  lifetimeSeconds: z.number().positive().max(86_400).optional(),
})

const writing = z.string().trim().min(1).max(5000)

export const WriteRequest = z.discriminatedUnion('network', [
  z.strictObject({ network: z.literal('line'), person: lineId, text: writing }),
  z.strictObject({
    network: z.literal('messenger'),
    person: z.string().regex(/^\d+$/, "must be a Messenger user's id: digits"),
    text: writing,
  }),
])

/** Only forward: a token that has expired stays so. */
export const ClockRequest = z.strictObject({ advanceSeconds: z.number().positive() })

const credential = z.string().min(1)

export const SenderRequest = z.discriminatedUnion('network', [
  z.strictObject({ network: z.literal('line'), channelId: credential, channelSecret: credential }),
  z.strictObject({
    network: z.literal('messenger'),
    pageId: credential,
    pageAccessToken: credential,
    applicationSecret: credential,
  }),
])

/** Faults that are nothing but a wait. */
const slowFaults = new Set(['slow', 'slow-answer'])

const common = {
  recipient: z.string().optional(),
  sender: z.string().optional(),
  times: z.int().nonnegative().default(1),
  delayMs: z.int().nonnegative().max(600_000).optional(),
}

export const FaultRequest = z
  .discriminatedUnion('network', [
    z.strictObject({
      ...common,
      network: z.literal('line'),
      fault: z.enum(Object.keys(lineFaults)),
      operation: z.enum(lineOperations).optional(),
    }),
    z.strictObject({
      ...common,
      network: z.literal('messenger'),
      fault: z.enum(Object.keys(messengerFaults)),
      operation: z.enum(messengerOperations).optional(),
      regainAccessMinutes: z.number().nonnegative().optional(),
      code: z.int().optional(),
      subcode: z.int().optional(),
      status: z.int().min(200).max(599).optional(),
      message: z.string().optional(),
      isTransient: z.boolean().optional(),
    }),
  ])
  .refine(({ fault, delayMs }) => !slowFaults.has(fault) || delayMs !== undefined, {
    path: ['delayMs'],
    error: 'must be given for slow and slow-answer',
  })

const digits = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)

/** Which delivery brought the entry whose journey is asked for, in the asker's opinion: its message key or its id. */
export const JourneyQuery = z.strictObject({ delivery: z.string().trim().min(1).max(1000).optional() })

/** Which part of the ledger, or of the call log, is read. */
export const LogQuery = z.strictObject({
  network: z.enum(['line', 'messenger']).optional(),
  recipient: z.string().optional(),
  sender: z.string().optional(),
  after: digits.default(0),
  limit: digits.default(10_000),
})
export type LogQuery = z.infer<typeof LogQuery>
