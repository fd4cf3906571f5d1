import type { NextFunction, Request, Response } from 'express'

/**
 * Refuses whatever would change something unless the board's own page asks for it. Browsers tell where a request comes from in
 * Sec-Fetch-Site, or over plain http in Origin, and no page can make them lie; a request with neither is no browser's.
 */
export function requireSameOrigin(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' || request.method === 'HEAD' || isSameOrigin(request)) next()
  else response.status(403).json({ message: 'This must be asked for from the board itself.' })
}

function isSameOrigin(request: Request): boolean {
  const { origin } = request.headers
  const site = request.get('sec-fetch-site')
  if (origin !== undefined && URL.parse(origin)?.host !== request.host) return false
  return site === undefined ? origin !== undefined : site === 'same-origin'
}
