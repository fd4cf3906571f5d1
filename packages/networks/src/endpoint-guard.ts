import { isIP } from 'node:net'

import { z } from 'zod'

import { isPublicAddress } from './public-address.ts'

/**
 * Which endpoints senders may have, and calls may go to. The hosts are the operator's: a `host` is served by https on port 443
 * at public addresses; a `host:port` by http or https on that port, at any address, since the operator vouches for it.
 */
export type EndpointGuard = {
  /** Completes "the endpoint is invalid: …" with what keeps a call from going there; `undefined` when nothing does. */
  readonly whyNot: (url: URL) => string | undefined
  /** Whether the origin was listed with its port, so that its addresses may be private. */
  readonly vouchedFor: (origin: string) => boolean
}

/** Whatever is asked is looked up among the few origins there can be, so that no way of writing a host has to be thought of. */
export function createEndpointGuard(hosts: readonly string[]): EndpointGuard {
  const vouched = new Set(hosts.filter(hasPort).flatMap((host) => [toOrigin('http', host), toOrigin('https', host)]))
  const listed = new Set(hosts.filter((host) => !hasPort(host)).map((host) => toOrigin('https', host)))
  const plainHttp = vouched.size > 0 ? ' (those with a port may be plain http)' : ''
  return {
    vouchedFor: (origin) => vouched.has(origin),
    whyNot: ({ username, password, origin, hostname }) => {
      if (username !== '' || password !== '') return 'it must be without user and password'
      if (vouched.has(origin)) return undefined
      if (!listed.has(origin)) return `it must be an https URL at ${hosts.join(' or ')}${plainHttp}`
      return isPrivateLiteral(hostname) ? 'it must not be at a private address' : undefined
    },
  }
}

/**
 * Reads an endpoint URL that somebody chose. `undefined` unless it is http or https and its host is written the one plain way: not
 * with escapes, other alphabets or backslashes, not as a number, with a port only if it says something.
 */
export function readEndpointUrl(given: string): URL | undefined {
  const url = /^https?:\/\/[!-[\]-~]+$/i.test(given) ? URL.parse(given) : null
  if (url === null) return undefined
  const host = given
    .slice(url.protocol.length + 2)
    .split(/[/?#]/, 1)[0]
    ?.split('@')
    .at(-1)
    ?.toLowerCase()
  return host === url.host || host === `${url.host}:${usualPorts.get(url.protocol)}` ? url : undefined
}

/**
 * Completes "the endpoint is invalid: …" with what keeps a sender from registering this endpoint; `undefined` when nothing does.
 * `hosts` are `host` or `host:port`.
 *
 * Credentials go to the endpoint, so that a client must not choose it freely. Calls are held to the same hosts when they are
 * made, and the addresses behind a host's name are checked then: what it says now may not be what it says later.
 */
export function whyNotEndpoint(given: string, hosts: readonly string[]): string | undefined {
  const url = readEndpointUrl(given)
  if (url === undefined) return 'it must be an https URL'
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(given)) return 'it must be without query and fragment'
  return createEndpointGuard(hosts).whyNot(url)
}

const usualPorts: ReadonlyMap<string, number> = new Map([
  ['http:', 80],
  ['https:', 443],
])

const Host = z
  .string()
  .trim()
  .regex(/^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i, 'must be hosts such as api.line.me or 127.0.0.1:8082')
  .refine((host) => URL.canParse(`https://${host}`), 'must be hosts such as api.line.me or 127.0.0.1:8082')
  .refine(
    (host) => hasPort(host) || !isPrivateLiteral(URL.parse(`https://${host}`)?.hostname ?? ''),
    'must be public addresses, or have a port',
  )

/** What every program reads that registers senders or calls networks. */
export const EndpointEnvironment = z.object({
  ENDPOINT_HOSTS: z
    .string()
    .default('api.line.me,graph.facebook.com')
    .transform((hosts) => hosts.split(','))
    .pipe(z.array(Host))
    .describe(
      "where senders' endpoints may be. A `host` must be public and https; a `host:port` may be plain http and private",
    ),
})

function hasPort(host: string): boolean {
  return /:\d+$/.test(host)
}

function toOrigin(scheme: string, host: string): string {
  return new URL(`${scheme}://${host}`).origin
}

function isPrivateLiteral(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '')
  return isIP(address) !== 0 && !isPublicAddress(address)
}
