import type { Delivery } from '@ott/delivery'
import type { NowOrLater } from '@ott/runtime'

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
    const waitMs = this.#paces?.waitOf(delivery) ?? 0
    return waitMs instanceof Promise
      ? waitMs.then((ms) => this.#takePlace(delivery, ms))
      : this.#takePlace(delivery, waitMs)
  }

  #takePlace(delivery: Delivery, waitMs: number): NowOrLater<Place | number> {
    if (waitMs > 0) return waitMs
    const place = this.#places.take(delivery)
    const orPutOff = (taken: Place | undefined): Place | number =>
      taken ?? this.#places.waitOf(delivery, this.#paces?.isReply(delivery) ?? false)
    return place instanceof Promise ? place.then(orPutOff) : orPutOff(place)
  }

  /** To be told when the attempt has ended. */
  leave(place: Place): void {
    this.#places.leave(place)
  }
}
