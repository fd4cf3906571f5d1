/**
 * Completes the sentence "EndpointUrl is invalid: …" with what keeps a sender from using this endpoint; `undefined` when
 * nothing does. `hosts` are `host` or `host:port`: with a port it may be plain http, and only that port will do.
 *
 * Credentials go to the endpoint, so that a client must not choose it freely.
 */
export function whyNotEndpoint(given: string, hosts: readonly string[]): string | undefined {
  const url = /\s/.test(given) ? null : URL.parse(given)
  if (url === null || !/^https?:$/.test(url.protocol)) return 'it must be an https URL'
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return 'it must be without user, password, query and fragment'
  if (hosts.some((host) => mayServe(host, url))) return undefined
  return `it must be an https URL at ${hosts.join(' or ')}${hosts.some(hasPort) ? ' (those with a port may be plain http)' : ''}`
}

// The host goes through a URL of the same protocol, which drops that protocol's own port, as it has been dropped from `url`.
function mayServe(host: string, url: URL): boolean {
  if (url.protocol === 'http:' && !hasPort(host)) return false
  return URL.parse(`${url.protocol}//${host}`)?.host === url.host
}

function hasPort(host: string): boolean {
  return /:\d+$/.test(host)
}
