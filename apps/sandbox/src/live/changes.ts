/** Says that something has changed to whoever watches. While nobody does it costs next to nothing: thousands of calls a second say so. */
export class Changes {
  readonly #watchers = new Set<() => void>()

  readonly tell = (): void => {
    for (const watcher of this.#watchers) watcher()
  }

  /** Returns the way to stop watching. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }
}
