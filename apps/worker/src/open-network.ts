import { type Exchange, type Network, type NetworkDefinition, type Refused, refused, type Sender } from '@ott/delivery'
import { LRUCache } from 'lru-cache'
import { ZodError } from 'zod'

/** Senders whose network is kept open; one more, and the one unused for longest is opened anew when it is wanted. */
const openMax = 10_000

/** The network opened for a sender, or why it cannot be. */
export type OpenNetwork = (sender: Sender) => Network | Refused

/** Opens a network once for each registration of a sender, since what it holds (tokens) is worth keeping between deliveries. */
export function networkOpener(definition: NetworkDefinition, exchange: Exchange): OpenNetwork {
  const opened = new LRUCache<string, { readonly revision: string; readonly network: Network | Refused }>({
    max: openMax,
  })
  return (sender) => {
    const name = JSON.stringify([sender.account, sender.id])
    const held = opened.get(name)
    if (held?.revision === sender.revision) return held.network
    const network = openNetwork(definition, sender, exchange)
    opened.set(name, { revision: sender.revision, network })
    return network
  }
}

function openNetwork(definition: NetworkDefinition, sender: Sender, exchange: Exchange): Network | Refused {
  try {
    return definition.open(sender, exchange)
  } catch (error) {
    if (!(error instanceof ZodError)) throw error
    const lacking = error.issues.map(({ path }) => path.join('.')).join(', ')
    return refused(
      'sender',
      `the sender's registration is not what ${definition.title} needs (${lacking}); register it again`,
    )
  }
}
