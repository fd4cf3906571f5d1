import { connectionFaults, type FaultDetails, type FaultKind, type FaultTable } from '../faults.ts'
import { graphError, type GraphError } from './graph-error.ts'

/** The operations that faults can strike. */
export const messengerOperations = ['send', 'identity'] as const

const sending = ['send']

/** The codes that come with usage headers: https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
const throttlingCodes = new Set([4, 17, 32, 341, 613, 80001, 80002, 80006])

/** An error that may be told otherwise in its details. `accepts`: the message is sent nevertheless. */
function errs(usual: GraphError, accepts = false): FaultKind {
  return {
    on: sending,
    effect: (details, sender) => {
      const error = { ...usual, ...given(details) }
      const headers = throttlingCodes.has(error.code) ? usage(sender, details.regainAccessMinutes ?? 1) : {}
      return { accepts, outcome: { ...graphError(error), headers } }
    },
  }
}

/** How Messenger fails: https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes */
export const messengerFaults: FaultTable = {
  ...connectionFaults(sending),
  'graph-error': errs({ message: 'An unknown error has occurred.', code: 1 }),
  'rate-limit': errs({ message: '(#613) Calls to this api have exceeded the rate limit.', code: 613 }),
  'expired-token': errs({
    message: 'Error validating access token: Session has expired.',
    code: 190,
    subcode: 463,
  }),
  // Seen with 400 in spite of what it says: https://github.com/facebook/facebook-python-business-sdk/issues/431
  temporary: errs({ message: '(#2) Service temporarily unavailable', code: 2, isTransient: true }),
  'server-error': errs({ message: 'An unknown error has occurred.', code: 1, status: 500 }),
  'sent-but-error': errs({ message: 'Invalid JSON reply', code: 1, subcode: 1357046 }, true),
}

/** Only what was told: an absent detail leaves the usual. */
function given({ code, subcode, message, isTransient, status }: FaultDetails): Partial<GraphError> {
  const told = { code, subcode, message, isTransient, status }
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}

function usage(sender: string, regainAccessMinutes: number): Record<string, string> {
  const counts = { call_count: 100, total_cputime: 20, total_time: 20 }
  const business = [{ type: 'messenger', ...counts, estimated_time_to_regain_access: regainAccessMinutes }]
  return {
    'x-app-usage': JSON.stringify(counts),
    'x-business-use-case-usage': JSON.stringify({ [sender]: business }),
  }
}
