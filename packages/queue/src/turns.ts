import type { Delivery } from '@ott/delivery'
import { type NowOrLater, whenKnown } from '@ott/runtime'

import type { DeliveryPaces } from './pace.ts'
import { type Place, Places, type PlacesOptions } from './places.ts'

export type TurnsOptions = PlacesOptions & {
  /** `undefined`: every sender sends as fast as it can. */
  readonly paces?: DeliveryPaces | undefined
}

/** Whose turn it is: a delivery is attempted when its sender's pace allows it, and the sender has not all of the places. */
export class Turns {
  readonly #paces: DeliveryPaces | undefined
  readonly #places: Places

  constructor(options: TurnsOptions) {
    this.#paces = options.paces
    this.#places = new Places(options)
  }

  /** A place to make the attempt in, to be given back; or for how many milliseconds the delivery is to be put off. Mostly known at once. */
  take(delivery: Delivery): NowOrLater<Place | number> {
    return whenKnown(this.#paces?.waitOf(delivery) ?? 0, (waitMs) =>
      waitMs > 0 ? waitMs : whenKnown(this.#places.take(delivery), (place) => place ?? this.#waitOf(delivery)),
    )
  }

  #waitOf(delivery: Delivery): number {
    return this.#places.waitOf(delivery, this.#paces?.isReply(delivery) ?? false)
  }

  /** To be told when the attempt has ended. */
  leave(place: Place): void {
    this.#places.leave(place)
  }
}
