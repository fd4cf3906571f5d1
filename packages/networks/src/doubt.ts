import { type Exchange, NoAnswer, type Receipt, TooLate } from '@ott/delivery'

/**
 * An exchange for one call, however often it is made: what one time leaves open is told with the answers of the later ones, and
 * is not forgotten when a later time does not come about.
 */
export function rememberingDoubt(exchange: Exchange): Exchange {
  let doubt = false

  return async (call) => {
    try {
      const answer = await exchange(call)
      const afterDoubt = doubt || answer.afterDoubt === true
      doubt = afterDoubt || call.leavesOpen?.(answer) === true
      return afterDoubt ? { ...answer, afterDoubt } : answer
    } catch (error) {
      if (doubt && (error instanceof TooLate || (error instanceof NoAnswer && !error.reached)))
        throw new NoAnswer(`${error.message}; an earlier call may have got through`, true, { cause: error })
      doubt ||= error instanceof NoAnswer && error.reached
      throw error
    }
  }
}

/** What came of an attempt, when the network may have taken the delivery all the same. */
export function inDoubt(receipt: Receipt): Receipt {
  return receipt.outcome === 'accepted' ? receipt : { ...receipt, inDoubt: true }
}
