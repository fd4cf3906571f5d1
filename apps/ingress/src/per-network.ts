import type { NetworkDefinition } from '@ott/delivery'

/** Every network there is, by its name. */
export type Networks = Readonly<Record<string, NetworkDefinition>>

/** Prepares a thing for each network, once. Returns a function that finds it by the network's name in any case. */
export function perNetwork<Thing>(
  networks: Networks,
  prepare: (network: string, definition: NetworkDefinition) => Thing,
) {
  const prepared = new Map(
    Object.entries(networks).map(([network, definition]) => [network.toLowerCase(), prepare(network, definition)]),
  )
  return (name: unknown): Thing | undefined => (typeof name === 'string' ? prepared.get(name.toLowerCase()) : undefined)
}
