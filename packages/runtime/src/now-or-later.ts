/** A result that is often known already: it is then given as it is, without what a promise of it would cost. */
export type NowOrLater<Result> = Result | Promise<Result>
