import { afterEach, beforeEach } from '@jest/globals'
import type { Delivery, Network, NetworkAttempt, NetworkDefinition, Receipt, Sender } from '@ott/delivery'

import { anAttempt } from './a-delivery.ts'
import { type Http, openHttp } from './exchange.ts'
import { type ScriptedNetwork, startScriptedNetwork } from './scripted-network.ts'

/** A scripted network for one test, and a network opened with a sender whose endpoint it is. */
export type Scripted = Pick<ScriptedNetwork, 'calls' | 'script'> & {
  /** Every call, whatever its path. */
  readonly received: () => ScriptedNetwork['received']
  readonly open: (endpointPath?: string) => Network
  /** The same with other attributes. */
  readonly openWith: (attributes: Sender['attributes']) => Network
  /** The same where no connection can be made. */
  readonly openNowhere: (attributes?: Sender['attributes']) => Network
  /** Opens the network anew, as a worker that has just started does, and delivers. */
  readonly deliver: (delivery: Delivery, changes?: Partial<NetworkAttempt>) => Promise<Receipt>
}

/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:1'

/** Gives each test of a file a scripted network of its own, prepared by `prepare`. */
export function useScriptedNetwork(
  definition: NetworkDefinition,
  attributes: Sender['attributes'],
  path: string,
  prepare: (scripted: Scripted) => void,
): Scripted {
  let current: { readonly network: ScriptedNetwork; readonly http: Http } | undefined
  const parts = () => {
    if (current === undefined) throw new Error('the scripted network is there only within a test')
    return current
  }
  const openAt = (endpointUrl: string, given = attributes) =>
    definition.open(
      { account: 'shop', network: 'any', id: '1', active: true, endpointUrl, attributes: given, revision: '1' },
      parts().http.exchange,
    )
  const open = (endpointPath = path) => openAt(parts().network.url + endpointPath)
  const scripted: Scripted = {
    script: (callPath, ...answers) => parts().network.script(callPath, ...answers),
    calls: (callPath) => parts().network.calls(callPath),
    received: () => parts().network.received,
    open,
    openWith: (given) => openAt(parts().network.url + path, given),
    openNowhere: (given) => openAt(nowhere + path, given),
    deliver: (delivery, changes) => open().deliver(delivery, anAttempt(changes)),
  }

  beforeEach(async () => {
    const network = await startScriptedNetwork()
    const endpointHosts = [network.url, nowhere].map((url) => new URL(url).host)
    current = { network, http: openHttp({ timeoutMs: 300, firstRepeatMs: 1, endpointHosts }) }
    prepare(scripted)
  })
  afterEach(async () => {
    const { network, http } = parts()
    current = undefined
    await http.close()
    await network.close()
  })
  return scripted
}
