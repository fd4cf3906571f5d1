/**
 * Which deliveries a worker takes first: replies, then the usual ones, then what is over its sender's share. Those of one lane
 * are taken in the order they came in.
 */
export const lanes = ['reply', 'usual', 'slow'] as const
export type Lane = (typeof lanes)[number]

/** As BullMQ numbers them: it takes 0 before all others. What an earlier release queued has none, which is 0 as well. */
export const priorities: Readonly<Record<Lane, number>> = { reply: 0, usual: 1, slow: 2 }

/** How far a lane's ranks are from the next one's. */
const laneWidth = 2 ** 32

/**
 * For scripts, BullMQ's: where the so many-th of a lane's deliveries stands among those with a priority. Counted on for ever, and so
 * beginning anew when it would come to the next lane.
 */
export const rank = `
local function rank(priority, number) return priority * ${laneWidth} + number % ${laneWidth} end`

/** The rank of the slow lane's first one. */
export const slowFrom = priorities.slow * laneWidth
