import { readFile, rename, writeFile } from 'node:fs/promises'

import { z } from 'zod'

import { Failure } from './failure.ts'

/** How far the load of a file has come. Rows up to `settledRow` have been accepted or refused. */
const State = z.object({
  /** What is loaded: the SHA-256 of the file. */
  hash: z.string(),
  /** To where: the API's address and the client. */
  url: z.string(),
  clientId: z.string(),
  settledRow: z.int().min(0),
  accepted: z.int().min(0),
  /** Of the accepted, those that were so at an earlier try, whose answer was lost. */
  replayed: z.int().min(0),
  refused: z.int().min(0),
  /** So long is the report of the refused. */
  reportBytes: z.int().min(0),
  finished: z.boolean(),
})
export type LoadState = z.infer<typeof State>

/** Which load it is. */
export type LoadIdentity = Pick<LoadState, 'hash' | 'url' | 'clientId'>

/** Where the state of a file's load is kept. */
function stateFile(file: string): string {
  return `${file}.ott-load.json`
}

/** The state that an earlier run left; of a new load, if there was none. Throws a Failure for one of another load. */
export async function readState(file: string, identity: LoadIdentity): Promise<LoadState> {
  const kept = await readFile(stateFile(file), 'utf8').catch(() => undefined)
  if (kept === undefined)
    return { ...identity, settledRow: 0, accepted: 0, replayed: 0, refused: 0, reportBytes: 0, finished: false }
  const state = State.safeParse(parse(kept)).data
  if (state === undefined) throw new Failure(`${stateFile(file)} cannot be read. ${anew}`)
  if (state.hash !== identity.hash)
    throw new Failure(`${file} has changed since it was loaded up to row ${state.settledRow}. ${anew}`)
  if (state.url !== identity.url || state.clientId !== identity.clientId)
    throw new Failure(
      `${file} was loaded up to row ${state.settledRow} at ${state.url}, by another client or elsewhere. ${anew}`,
    )
  return state
}

const anew =
  'To begin at its first row, remove the .ott-load.json beside it. Then rows that were accepted are sent a second time, but for those ' +
  'with a messageKey, to the same API, within 24 hours.'

/** Keeps it: a run that is killed meanwhile leaves the one before. */
export async function writeState(file: string, state: LoadState): Promise<void> {
  const fresh = `${stateFile(file)}.new`
  await writeFile(fresh, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 })
  await rename(fresh, stateFile(file))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
