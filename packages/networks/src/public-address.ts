import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** https://www.iana.org/assignments/iana-ipv4-special-registry: private, loopback, link-local, shared, documentation, multicast, reserved. */
const specialIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Azure's wire server, which gives a machine its secrets: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  '168.63.129.16/32',
]

/** All that is routed on the Internet; every mapped, translated or local IPv6 address but those below lies outside. */
const globalIpv6 = ['2000::/3']

/** https://www.iana.org/assignments/iana-ipv6-special-registry: Teredo and other protocols, documentation, 6to4. */
const specialIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const special = toList('ipv4', specialIpv4)
const global6 = toList('ipv6', globalIpv6)
const special6 = toList('ipv6', specialIpv6)

/** The name was found, but not all of its addresses are public: none of them is connected to. */
class NotPublic extends Error {
  override readonly name = 'NotPublic'
  readonly code = 'ENOTPUBLIC'
}

/** Whether an IP address, without brackets, is one on the public Internet. Anything else in the text is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special.check(address, 'ipv4')
  return family === 6 && global6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}

/**
 * Finds a name's addresses as `find` does, and fails with {@link NotPublic} unless all of them are public. A connection made
 * with it goes to what was checked, whatever the name says a moment later.
 */
export function publicLookup(find: LookupFunction = lookup): LookupFunction {
  return (hostname, options, callback) =>
    find(hostname, { ...options, all: true }, (error, found, family = 0) => {
      if (error !== null) return callback(error, [])
      const addresses = typeof found === 'string' ? [{ address: found, family }] : found
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
        return callback(new NotPublic(`${hostname} has an address that is not public`), [])
      if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
}

function toList(type: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), type)
  }
  return list
}
