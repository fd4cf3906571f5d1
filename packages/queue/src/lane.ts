/**
 * Which deliveries a worker takes first: replies, then the usual ones, then what is over its sender's share. Those of one lane
 * are taken in the order they came in.
 */
export const lanes = ['reply', 'usual', 'slow'] as const
export type Lane = (typeof lanes)[number]

/** As BullMQ numbers them: it takes 0 before all others. What an earlier release queued has none, which is 0 as well. */
export const priorities: Readonly<Record<Lane, number>> = { reply: 0, usual: 1, slow: 2 }
