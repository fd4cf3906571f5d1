import { setTimeout as wait } from 'node:timers/promises'

import type { Child } from '@ott/local'

import type { MemberName } from './schedule.ts'

/** A process of the fleet that runs. `untilReady` rejects when it ends instead. */
export type Instance = Child & { readonly untilReady: () => Promise<void> }

/** Starts it: `generation` is 1 the first time. */
export type Launch = (generation: number) => Promise<Instance>

/** An orchestrator takes a moment too. */
const relaunchMs = 300

/** Our programs stop within 25 s. */
const stopLimitMs = 30_000

/** One place in the fleet, and whichever process fills it. What ends there is started again, as an orchestrator would. */
export class Member {
  readonly name: MemberName
  readonly #launch: Launch
  readonly #onSelfEnd: (how: string) => void
  readonly #dismissed = new WeakSet<Instance>()
  #instance: Instance | undefined
  #generation = 0
  #closing = false
  #turn: Promise<unknown> = Promise.resolve()
  readonly #awaiting: ((readyAt: number) => void)[] = []

  constructor(name: MemberName, launch: Launch, onSelfEnd: (how: string) => void) {
    this.name = name
    this.#launch = launch
    this.#onSelfEnd = onSelfEnd
  }

  async start(): Promise<void> {
    await this.#inTurn(() => this.#relaunch())
  }

  /** Ends it as a crash would, and starts another after `downMs`. `onDead` is told once it is gone. */
  async kill(downMs: number, onDead: (readyAt: Promise<number>) => void): Promise<void> {
    await this.#inTurn(async () => {
      const ending = this.#dismiss()?.kill()
      onDead(this.#readyNext())
      await ending
      await wait(downMs)
      await this.#relaunch()
    })
  }

  /** Asks it to stop, and starts another `downMs` after it has. Resolves with how the first ended: `exit code 0`. */
  async restart(downMs: number): Promise<string> {
    return this.#inTurn(async () => {
      const old = this.#dismiss()
      await old?.stop(stopLimitMs)
      await wait(downMs)
      await this.#relaunch()
      return old === undefined ? 'was not there' : old.ended
    })
  }

  /** Stops the clock for it. */
  async freeze(forMs: number, onFrozen: () => void): Promise<void> {
    await this.#inTurn(async () => {
      const { pid } = this.#instance ?? {}
      if (pid === undefined || !signalGroup(pid, 'SIGSTOP')) return
      onFrozen()
      await wait(forMs)
      signalGroup(pid, 'SIGCONT')
    })
  }

  /** Resolves once whatever runs there is ready; rejects when none is by then, in milliseconds since 1970. */
  async untilReady(deadline: number): Promise<void> {
    for (;;) {
      await this.#turn
      try {
        await this.#instance?.untilReady()
        return
      } catch (error) {
        if (Date.now() > deadline || this.#closing) throw error
        await wait(relaunchMs)
      }
    }
  }

  /** Stops it for good, and resolves with how it ended. Nothing is started in its place. */
  async stop(): Promise<string> {
    this.#closing = true
    await this.#turn
    const instance = this.#dismiss()
    await instance?.stop(stopLimitMs)
    return instance === undefined ? 'was not there' : instance.ended
  }

  /** Ends it for good, at once. */
  async end(): Promise<void> {
    this.#closing = true
    await this.#dismiss()?.kill()
  }

  #dismiss(): Instance | undefined {
    if (this.#instance !== undefined) this.#dismissed.add(this.#instance)
    return this.#instance
  }

  /** One thing at a time happens to a member. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  #readyNext(): Promise<number> {
    return new Promise((resolve) => this.#awaiting.push(resolve))
  }

  async #relaunch(): Promise<void> {
    while (!this.#closing) {
      try {
        this.#generation += 1
        this.#instance = await this.#launch(this.#generation)
        void this.#watch(this.#instance)
        return
      } catch (error) {
        // What never could be started will not be the next time either.
        if (this.#generation === 1) throw error
        this.#onSelfEnd(`could not start: ${error instanceof Error ? error.message : String(error)}`)
        await wait(relaunchMs)
      }
    }
  }

  async #watch(instance: Instance): Promise<void> {
    void instance.untilReady().then(
      () => this.#tellReady(),
      () => undefined, // It ended first, which is seen below.
    )
    const how = await instance.ended
    if (this.#dismissed.has(instance) || this.#closing) return
    this.#onSelfEnd(how)
    await this.#inTurn(async () => {
      // A kill that waited for its turn has found it ended, and started another.
      if (this.#instance !== instance) return
      await wait(relaunchMs)
      await this.#relaunch()
    })
  }

  #tellReady(): void {
    const readyAt = Date.now()
    for (const resolve of this.#awaiting.splice(0)) resolve(readyAt)
  }
}

/** Returns whether it was there to hear. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}
