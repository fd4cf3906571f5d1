/** A result that is often known already: it is then given as it is, without what a promise of it would cost. */
export type NowOrLater<Result> = Result | Promise<Result>

/** What is made of a result, at once where that is known. */
export function whenKnown<Result, Made>(
  result: NowOrLater<Result>,
  make: (known: Result) => Promise<Made>,
): Promise<Made>
export function whenKnown<Result, Made>(
  result: NowOrLater<Result>,
  make: (known: Result) => NowOrLater<Made>,
): NowOrLater<Made>
export function whenKnown<Result, Made>(
  result: NowOrLater<Result>,
  make: (known: Result) => NowOrLater<Made>,
): NowOrLater<Made> {
  return result instanceof Promise ? result.then(make) : make(result)
}
