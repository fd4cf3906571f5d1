import { mkdir } from 'node:fs/promises'

import { Api, type Ingress } from './api.ts'
import type { Happened, SelfEnded } from './books.ts'
import { type Caller, openCaller } from './call.ts'
import { Disturbances } from './disturbances.ts'
import { Fleet } from './fleet.ts'
import { planLoad } from './load.ts'
import type { RunOptions } from './options.ts'
import { Producer } from './producer.ts'
import { registerSenders } from './register.ts'
import { Sandbox } from './sandbox.ts'

/** Most messages end, one way or the other, well before the limit by which all must be settled. */
const settleMarginSeconds = 30

/** For what is no part of the load. */
const administration = { connections: 32, answerLimitMs: 5000 } as const

export type StageOptions = {
  readonly options: RunOptions
  /** Where Redis's data and the logs go. */
  readonly folder: string
  /** Told what happens, as it does. */
  readonly note: (what: string) => void
  /** Told what makes the run worthless. */
  readonly onBroken: (error: Error) => void
}

/** All that takes part in a run. */
export type Stage = {
  readonly fleet: Fleet
  readonly sandbox: Sandbox
  readonly api: Api
  readonly producer: Producer
  readonly disturbances: Disturbances
  readonly selfEnded: readonly SelfEnded[]
  readonly disorderly: string[]
  /** Closes the connections. The fleet is stopped by whoever started it. */
  readonly close: () => Promise<void>
}

/** How many messages a run sends. */
export function countOf({ minutes, rate }: RunOptions): number {
  return Math.round(minutes * 60 * rate)
}

/** A fleet that does not run yet. */
export function planFleet({ options, folder, note, onBroken }: StageOptions, selfEnded: SelfEnded[]): Promise<Fleet> {
  const { lockMs, networkTimeoutMs } = options
  return Fleet.plan({
    folder,
    lockMs,
    networkTimeoutMs,
    ledgerMax: countOf(options) * 3 + 10_000,
    onSelfEnd: (ended) => {
      selfEnded.push(ended)
      note(`${ended.member} ended by itself: ${ended.how}`)
      if (ended.member === 'sandbox') onBroken(new Error(`the sandbox ended (${ended.how}), and its ledger with it`))
    },
  })
}

/** Starts the fleet, makes client and senders known to it, and has everything ready for the load. */
export async function setStage(given: StageOptions, fleet: Fleet, selfEnded: readonly SelfEnded[]): Promise<Stage> {
  const { options, folder, note } = given
  await mkdir(folder, { recursive: true })
  await fleet.start()
  const caller = openCaller(administration.connections, administration.answerLimitMs)
  const api = await Api.open({ ingresses: ingressesOf(fleet), env: fleet.env, caller })
  const sandbox = new Sandbox(fleet.sandboxUrl)
  await registerSenders(api, sandbox, fleet.sandboxUrl)
  const { seed, rate, atMostOnce, settleSeconds } = options
  const validitySeconds = Math.max(settleSeconds - settleMarginSeconds, 1)
  const load = planLoad({ seed, count: countOf(options), atMostOnce, validitySeconds })
  const producer = new Producer({ api, sandbox, load, rate })
  const disorderly: string[] = []
  const disturbances = new Disturbances({
    fleet,
    sandbox,
    onEvent: ({ name }: Happened) => note(name),
    onDisorder: (what) => void disorderly.push(what),
  })
  return {
    fleet,
    sandbox,
    api,
    producer,
    disturbances,
    selfEnded,
    disorderly,
    close: closer(caller, sandbox, producer),
  }
}

function closer(...things: readonly Pick<Caller, 'close'>[]): () => Promise<void> {
  return async () => {
    await Promise.all(things.map((thing) => thing.close()))
  }
}

function ingressesOf(fleet: Fleet): [Ingress, ...Ingress[]] {
  const [first, ...others] = Array.from(fleet.ingresses, ([name, url]) => ({ name, url }))
  if (first === undefined) throw new Error('the fleet has no ingress')
  return [first, ...others]
}
