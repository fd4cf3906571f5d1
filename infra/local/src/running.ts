import type { Child } from './child.ts'

/** A process that ended though nobody asked it to. */
export type Death = { readonly name: string; readonly how: string; readonly tail: string }

/** As much of a process as it takes to stop it, and to tell how it ended. */
export type Ending = Pick<Child, 'ended' | 'stop' | 'kill' | 'tail'>

/** The processes that were started, in that order: they stop in the reverse one. */
export class Running {
  readonly #children: Ending[] = []
  readonly #death = Promise.withResolvers<Death>()
  #stopping = false

  /** Resolves when a process ends by itself. */
  get death(): Promise<Death> {
    return this.#death.promise
  }

  get any(): boolean {
    return this.#children.length > 0
  }

  add(name: string, child: Ending): void {
    this.#children.push(child)
    void this.#watch(name, child)
  }

  /** `limitMs` is for each. */
  async stop(limitMs: number): Promise<void> {
    this.#stopping = true
    for (const child of this.#children.toReversed()) await child.stop(limitMs)
  }

  async kill(): Promise<void> {
    this.#stopping = true
    await Promise.all(this.#children.map((child) => child.kill()))
  }

  async #watch(name: string, child: Ending): Promise<void> {
    const how = await child.ended
    if (!this.#stopping) this.#death.resolve({ name, how, tail: child.tail() })
  }
}
