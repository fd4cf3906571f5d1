import type { Answer, Call } from '../call.ts'
import type { DeclaredSenders } from '../senders.ts'
import { graphError } from './graph-error.ts'

/** Who calls: the page's id, or `me` where nothing tells it; and why the call is refused, if it is. */
export type Access = { readonly sender: string; readonly refused: Answer | undefined }

const noTokenForMe = 'An active access token must be used to query information about the current user.'
const noToken = 'An access token is required to request this resource.'
const noProof = 'API calls from the server require an appsecret_proof argument'
const badProof = 'Invalid appsecret_proof provided in the API argument'

/** Checks token and proof: https://developers.facebook.com/docs/graph-api/guides/secure-requests */
export function checkAccess(pageInPath: string, call: Call, body: unknown, senders: DeclaredSenders): Access {
  const token = bearerOf(call) ?? parameter('access_token', call, body)
  const refuse = (refused: Answer): Access => ({ sender: pageInPath, refused })
  if (token === undefined)
    return refuse(
      pageInPath === 'me'
        ? graphError({ message: noTokenForMe, code: 2500 })
        : graphError({ message: noToken, code: 104 }),
    )
  const page = senders.findPageByToken(token)
  if (page === undefined)
    return senders.findPage(pageInPath) === undefined
      ? { sender: pageInPath, refused: undefined }
      : refuse(unknownToken())
  if (pageInPath !== 'me' && pageInPath !== page.pageId) return refuse(noSuchObject(pageInPath, call.method))
  const proof = parameter('appsecret_proof', call, body)
  if (proof === page.proof) return { sender: page.pageId, refused: undefined }
  const message = proof === undefined ? noProof : badProof
  return { sender: page.pageId, refused: graphError({ message, code: 100, type: 'GraphMethodException' }) }
}

/** Graph's answer to a token that is not one of its own. */
export function unknownToken(): Answer {
  return graphError({ message: 'Invalid OAuth access token - Cannot parse access token', code: 190 })
}

/** Graph's answer about an object that does not exist, or is none of the caller's business. */
export function noSuchObject(id: string, method: string): Answer {
  const message =
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to ` +
    'missing permissions, or does not support this operation.'
  return graphError({ message, code: 100, subcode: 33, type: 'GraphMethodException' })
}

function bearerOf({ headers: { authorization } }: Call): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
}

/** A parameter may come in the query or in the body. */
function parameter(name: string, { query }: Call, body: unknown): string | undefined {
  const inBody: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
  return query.get(name) ?? (typeof inBody === 'string' ? inBody : undefined)
}
