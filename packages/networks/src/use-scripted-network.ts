import { afterEach, beforeEach } from '@jest/globals'
import type { Delivery, Network, NetworkDefinition, Receipt, Sender } from '@ott/delivery'

import { type Http, openHttp } from './exchange.ts'
import { firstAttempt } from './first-attempt.ts'
import { type ScriptedNetwork, startScriptedNetwork } from './scripted-network.ts'

/** A scripted network for one test, and a network opened with a sender whose endpoint it is. */
export type Scripted = Pick<ScriptedNetwork, 'calls' | 'script'> & {
  readonly open: (endpointPath?: string) => Network
  /** Opens the network anew, as a worker that has just started does, and delivers. */
  readonly deliver: (delivery: Delivery) => Promise<Receipt>
}

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
  const open = (endpointPath = path) => {
    const { network, http } = parts()
    const endpointUrl = network.url + endpointPath
    return definition.open(
      { account: 'shop', network: 'any', id: '1', active: true, endpointUrl, attributes, revision: '1' },
      http.exchange,
    )
  }
  const scripted: Scripted = {
    script: (callPath, ...answers) => parts().network.script(callPath, ...answers),
    calls: (callPath) => parts().network.calls(callPath),
    open,
    deliver: (delivery) => open().deliver(delivery, firstAttempt(new AbortController().signal)),
  }

  beforeEach(async () => {
    const network = await startScriptedNetwork()
    const endpointHosts = [new URL(network.url).host]
    current = { network, http: openHttp({ timeoutMs: 1000, firstRepeatMs: 1, endpointHosts }) }
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
