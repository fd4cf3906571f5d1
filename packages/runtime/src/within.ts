/** The promise's result, if it comes within `limitMs`. Rejects with `late` when it does not; the work itself is not ended. */
export async function within<Result>(limitMs: number, promise: Promise<Result>, late: string): Promise<Result> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const limit = setTimeout(() => reject(new Error(late)), limitMs)
  return Promise.race([promise, expired]).finally(() => clearTimeout(limit))
}
