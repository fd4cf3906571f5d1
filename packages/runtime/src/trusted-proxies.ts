import { isIP } from 'node:net'

import { z } from 'zod'

/**
 * Whose word on a client's address, host and protocol is taken: so many proxies before this program, or those with these
 * addresses. https://expressjs.com/en/guide/behind-proxies.html
 */
export type TrustedProxies = number | readonly string[]

/** A number, or addresses and subnets separated by commas. */
export const TrustedProxies = z
  .string()
  .transform((given, context): TrustedProxies => {
    if (/^\d{1,2}$/.test(given)) return Number(given)
    const addresses = given.split(',').map((address) => address.trim())
    if (addresses.every(isSubnet)) return addresses
    context.addIssue('must be how many proxies there are, or their addresses, such as 10.0.0.0/8,::1')
    return z.NEVER
  })
  .prefault('0')
  .describe("how many proxies stand in front, or their addresses, for the caller's address and https")

function isSubnet(given: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(given)) return true
  const [, address = '', bits] = /^([^/]+)(?:\/([1-9]\d{0,2}))?$/.exec(given) ?? []
  const version = isIP(address)
  return version !== 0 && Number(bits ?? 1) <= (version === 4 ? 32 : 128)
}
