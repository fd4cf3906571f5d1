import { setTimeout as wait } from 'node:timers/promises'

import type { Happened } from './books.ts'
import { type Fleet, orderly } from './fleet.ts'
import type { Sandbox } from './sandbox.ts'
import { type PlannedEvent, replicated } from './schedule.ts'

export type DisturbanceOptions = {
  readonly fleet: Fleet
  readonly sandbox: Sandbox
  /** Told when an event begins. */
  readonly onEvent: (happened: Happened) => void
  /** Told of a process that did not stop orderly when it was asked to. */
  readonly onDisorder: (what: string) => void
}

/** Lets the schedule happen to the fleet. */
export class Disturbances {
  readonly #options: DisturbanceOptions
  readonly #happened: Happened[] = []

  constructor(options: DisturbanceOptions) {
    this.#options = options
  }

  get happened(): readonly Happened[] {
    return this.#happened
  }

  /** Each event at its time, whatever the others are at; resolves when all are over. */
  async run(schedule: readonly PlannedEvent[]): Promise<void> {
    const startedAt = performance.now()
    const underWay: Promise<void>[] = []
    for (const event of schedule) {
      await wait(Math.max(0, startedAt + event.atMs - performance.now()))
      underWay.push(this.#carryOut(event))
    }
    await Promise.all(underWay)
  }

  async #carryOut(event: PlannedEvent): Promise<void> {
    const { fleet } = this.#options
    switch (event.kind) {
      case 'kill': {
        let happened: Happened | undefined
        await fleet.member(event.member).kill(event.downMs, (readyAt) => {
          const begun = this.#begin(event)
          happened = begun
          void readyAt.then((at) => (begun.readyAt = at))
        })
        return end(happened)
      }
      case 'freeze': {
        let happened: Happened | undefined
        await fleet.member(event.member).freeze(event.forMs, () => (happened = this.#begin(event)))
        return end(happened)
      }
      case 'restart': {
        const happened = this.#begin(event)
        await this.#restart(event.member, event.downMs)
        return end(happened)
      }
      case 'rotate': {
        const happened = this.#begin(event)
        for (const name of replicated) await this.#restart(name, 0)
        return end(happened)
      }
      case 'cut':
        return this.#cut(event)
    }
  }

  async #cut(event: PlannedEvent & { readonly kind: 'cut' }): Promise<void> {
    const { network, operation, fault, delayMs, forMs } = event
    const happened = this.#begin(event)
    const mend = await this.#options.sandbox.fault({ network, operation, fault, ...(delayMs > 0 && { delayMs }) })
    await wait(forMs)
    await mend()
    end(happened)
  }

  async #restart(name: Parameters<Fleet['member']>[0], downMs: number): Promise<void> {
    const member = this.#options.fleet.member(name)
    const how = await member.restart(downMs)
    if (!orderly(how)) this.#options.onDisorder(`${name}: ${how}`)
    // A rolling deploy goes on once the new one is ready, or is given up on.
    await member.untilReady(Date.now()).catch(() => undefined)
  }

  #begin(event: PlannedEvent): Happened {
    const happened: Happened = { event, name: nameOf(event), from: Date.now() }
    this.#happened.push(happened)
    this.#options.onEvent(happened)
    return happened
  }
}

function end(happened: Happened | undefined): void {
  if (happened !== undefined) happened.until = Date.now()
}

function nameOf(event: PlannedEvent): string {
  switch (event.kind) {
    case 'kill':
    case 'restart':
    case 'freeze':
      return `${event.kind} ${event.member}`
    case 'cut':
      return `${event.fault} ${event.network} ${event.operation}`
    case 'rotate':
      return event.kind
  }
}
