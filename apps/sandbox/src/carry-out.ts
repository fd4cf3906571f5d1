import { setTimeout as delay } from 'node:timers/promises'

import type { Answer, Outcome } from './call.ts'
import type { Effect, Faults } from './faults.ts'
import type { CallLog, ReceivedCall } from './ledger.ts'

type Facts = Omit<ReceivedCall, 'status' | 'fault' | 'arrivedAt' | 'at'>

/** Carries a call out, unless a fault has it otherwise, and notes it in the call log. */
export type CarryOut = (facts: Facts, act: () => Answer) => Outcome | Promise<Outcome>

/** What carrying out needs; `stopping` ends the waits of slow answers, cutting their connections. */
export type CarryOutParts = {
  readonly faults: Faults
  readonly calls: CallLog
  readonly now: () => number
  readonly stopping: AbortSignal
}

export function makeCarryOut({ faults, calls, now, stopping }: CarryOutParts): CarryOut {
  function note(arrived: Facts & Pick<ReceivedCall, 'arrivedAt'>, outcome: Outcome, fault?: string): Outcome {
    calls.add({ ...arrived, fault, status: outcome === 'cut' ? null : outcome.status, at: now() })
    return outcome
  }

  return (facts, act) => {
    const arrived = { ...facts, arrivedAt: now() }
    const met = faults.meet(facts)
    if (met === undefined) return note(arrived, act())
    const { fault, effect } = met
    const atOnce = effect.late === 'answer' ? takeEffect(effect, act) : undefined
    return delayed(fault.delayMs ?? 0, stopping).then((inTime) =>
      note(arrived, inTime ? (atOnce ?? takeEffect(effect, act)) : 'cut', fault.fault),
    )
  }
}

function takeEffect({ accepts, outcome }: Effect, act: () => Answer): Outcome {
  const usual = accepts ? act() : 'cut'
  return outcome === 'usual' ? usual : outcome
}

/** Resolves to whether the time went by before the program was stopped. */
async function delayed(ms: number, stopping: AbortSignal): Promise<boolean> {
  try {
    if (ms > 0) await delay(ms, undefined, { signal: stopping })
    return true
  } catch {
    return false
  }
}
