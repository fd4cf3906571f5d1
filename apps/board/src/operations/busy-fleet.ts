import { setTimeout } from 'node:timers/promises'

import type { useFleet } from '../use-fleet.ts'

const tickMs = 200

/** For pictures: what a day's load looks like, in the time given. It rises and falls, and a flood of one sender comes and goes. */
export async function keepBusy(fleet: ReturnType<typeof useFleet>, forMs: number): Promise<void> {
  const startedAt = performance.now()
  for (let tick = 0; performance.now() - startedAt < forMs; tick += 1) {
    const wave = 1 + Math.sin(tick / 40) / 2 + Math.random() / 3
    await fleet.send('line', '1650000000', Math.round(8 * wave))
    await fleet.send('line', '1650000000', Math.round(3 * wave), 'reply')
    await fleet.send('messenger', '100200300400500', Math.round(5 * wave))
    if (tick % 150 === 60) await fleet.send('line', '1650000002', 900, 'slow')
    await setTimeout(tickMs)
  }
}
