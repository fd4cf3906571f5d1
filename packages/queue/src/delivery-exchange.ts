import { type ExchangeAnswer, tokenOf } from './exchange-script.ts'
import { type TakenJobJson, toJobJson } from './taken-job.ts'

/** What the script is told of a job that is given back: it has come to its end, or waits until `due`. */
export type Ending = {
  readonly id: string
  readonly written: string
  readonly attempts: number
  readonly due: number | ''
}

/** A job that is given back, and for how many others there is a place. */
export type Exchange = { readonly ending?: Ending; readonly token: string; readonly takes: number }

/** As BullMQ's worker has it: a job and its id, if there is one; 0; and when a delayed one is due, in milliseconds since 1970, or 0. */
export type NextJob = [job: TakenJobJson | undefined, id: string | undefined, limitMs: number, due: number]

/** What comes of an exchange that was made at a time, in milliseconds since 1970. */
export type Exchanged = {
  readonly at: number
  readonly next: NextJob
  /** Taken beside the next one. */
  readonly more: readonly NextJob[]
  /** The answer that there is none. */
  readonly none: NextJob
}

/** What a call says that gives none back. */
const nothing = { id: '', written: '', attempts: '', due: '' }

/** Adds exchanges to the arguments of the script. */
export function writeExchanges(exchanges: readonly Exchange[], given: (string | number | undefined)[]): void {
  for (const { token, takes, ending: { id, written, attempts, due } = nothing } of exchanges)
    given.push(token, takes, id, written, attempts, due)
}

/** What came of each exchange. `toError` makes an error of a code of BullMQ's. */
export function readExchanged(
  exchanges: readonly Exchange[],
  [codes, jobs, due]: ExchangeAnswer,
  at: number,
  toError: (code: number, jobId: string) => Error,
): readonly (Exchanged | Error)[] {
  const none: NextJob = [undefined, undefined, 0, due]
  let given = 0
  return exchanges.map(({ ending, token, takes }, index) => {
    const code = codes[index] ?? -1
    if (code !== 0) return toError(code, ending?.id ?? '')
    const taken = jobs.slice(given, given + takes).map((job, nth) => toNextJob(toJobJson(job, at, tokenOf(token, nth))))
    given += taken.length
    const [next = none, ...more] = taken
    return { at, next, more, none }
  })
}

function toNextJob(job: TakenJobJson): NextJob {
  return [job, job.id, 0, 0]
}
