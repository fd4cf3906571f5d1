import { createEndpointGuard, readEndpointUrl } from '@ott/networks'

/**
 * Completes the sentence "EndpointUrl is invalid: …" with what keeps a sender from using this endpoint; `undefined` when
 * nothing does. `hosts` are `host` or `host:port`.
 *
 * Credentials go to the endpoint, so that a client must not choose it freely. Calls are held to the same rule when they are
 * made, and the addresses behind a host's name are checked then: what it says now may not be what it says later.
 */
export function whyNotEndpoint(given: string, hosts: readonly string[]): string | undefined {
  const url = readEndpointUrl(given)
  if (url === undefined) return 'it must be an https URL'
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(given)) return 'it must be without query and fragment'
  return createEndpointGuard(hosts).whyNot(url)
}
