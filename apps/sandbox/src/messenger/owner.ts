import type { Answer, Call, Outcome } from '../call.ts'
import type { CarryOut } from '../carry-out.ts'
import type { DeclaredSenders } from '../senders.ts'
import { checkAccess, unknownToken } from './access.ts'

/** Whom a call asks about: `me` or a page's id; `undefined` when that is not its question. */
export function ownerAskedFor({ method, path }: Call): string | undefined {
  return method === 'GET' ? /^\/v\d+\.\d+\/([^/]+)$/.exec(path)?.[1] : undefined
}

/** Answers whose the token is, asked of `me` or of a page: https://developers.facebook.com/docs/graph-api/overview#me */
export function makeTellOwner(senders: DeclaredSenders, carryOut: CarryOut) {
  return (asked: string, call: Call): Outcome | Promise<Outcome> => {
    const { sender, refused } = checkAccess(asked, call, undefined, senders)
    return carryOut({ network: 'messenger', operation: 'identity', sender }, () => refused ?? tell(sender))
  }
}

/** Whose an undeclared token is, nobody can tell. */
function tell(owner: string): Answer {
  return owner === 'me' ? unknownToken() : { status: 200, body: { id: owner } }
}
