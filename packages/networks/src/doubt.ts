import { type Answer, type Call, type Exchange, NoAnswer, type Receipt, TooLate } from '@ott/delivery'

/**
 * An exchange for one call, however often it is made: what one time leaves open is told with the answers of the later ones, and
 * is not forgotten when a later time does not come about. `doubt`: whether a time before has left it open.
 */
export function rememberingDoubt(exchange: Exchange, doubt = false): Exchange {
  let left = doubt

  return (call) =>
    exchange(call).then(
      (answer) => {
        const afterDoubt = left || answer.afterDoubt === true
        left = afterDoubt || answerLeavesOpen(call, answer)
        return afterDoubt ? { ...answer, afterDoubt } : answer
      },
      (error: unknown) => {
        if (left && (error instanceof TooLate || (error instanceof NoAnswer && !error.reached)))
          throw new NoAnswer(`${error.message}; an earlier call may have got through`, true, { cause: error })
        left ||= errorLeavesOpen(error)
        throw error
      },
    )
}

/** Whether a call may have got through though its answer does not say so. */
export function answerLeavesOpen({ leavesOpen }: Call, answer: Answer): boolean {
  return answer.afterDoubt === true || leavesOpen?.(answer) === true
}

/** Whether a call may have got through though there was no answer. */
export function errorLeavesOpen(error: unknown): boolean {
  return error instanceof NoAnswer && error.reached
}

/** What came of an attempt, when the network may have taken the delivery all the same. */
export function inDoubt(receipt: Receipt): Receipt {
  return receipt.outcome === 'accepted' ? receipt : { ...receipt, inDoubt: true }
}
