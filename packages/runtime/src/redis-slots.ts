import { Command } from 'ioredis'

/** More than enough to come upon any slot. */
const triesMax = 1_000_000

/** The slot of each number, as far as it was asked for. */
const slots: (number | null)[] = []

/** A key that begins so, in a slot that is wanted. Throws when there is none. */
export function keyInSlot(beginning: string, isWanted: (slot: number) => boolean): string {
  for (let number = 0; number < triesMax; number += 1) {
    const slot = (slots[number] ??= new Command('get', [`${number}`]).getSlot())
    if (slot !== null && isWanted(slot)) return `${beginning}:{${number}}`
  }
  throw new Error('no slot is wanted')
}
