let turn: Promise<void> | undefined

/**
 * Resolves once all has been read that there is to read in this turn of the event loop, for all that wait for it, one right after the
 * other: what they have in common is in the processor's caches then, which each call of the system, as reading is, drives out.
 */
export function theirTurn(): Promise<void> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined
      resolve()
    })
  })
  return turn
}
