import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Chance that comes out the same each time for the same seed. */
export type Random = {
  /** A whole number from `min` to `max`, both included. */
  readonly int: (min: number, max: number) => number
  /** True in so large a share of the cases: 0 is never, 1 always. */
  readonly chance: (share: number) => boolean
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item
  /** Deals items for ever, all of them before any comes again. */
  readonly dealer: <Item>(items: readonly [Item, ...Item[]]) => () => Item
}

const fine = 1_000_000

/** Each stream of a seed is independent of its others: to draw more from one changes nothing in another. */
export function seeded(seed: number, stream: number): Random {
  const generator = xoroshiro128plus(seed)
  for (let jumps = 0; jumps < stream; jumps += 1) generator.jump()
  const int = (min: number, max: number): number => uniformInt(generator, min, max)
  const dealer = <Item>(items: readonly [Item, ...Item[]]) => {
    let deck: Item[] = []
    return () => {
      if (deck.length === 0) deck = [...items]
      const [dealt = items[0]] = deck.splice(int(0, deck.length - 1), 1)
      return dealt
    }
  }
  return {
    int,
    chance: (share) => int(0, fine - 1) < share * fine,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
    dealer,
  }
}
