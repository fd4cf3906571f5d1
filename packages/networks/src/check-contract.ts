import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Network, NetworkDefinition, Sender } from '@ott/delivery'

import { type Http, openHttp } from './exchange.ts'
import { type Script, type ScriptedNetwork, startScriptedNetwork } from './scripted-network.ts'

/** What the contract must know of a network to ask how it checks credentials. */
export type CheckCase = {
  readonly definition: NetworkDefinition
  /** The path, at the scripted network, that a sender registers as its endpoint. */
  readonly endpointPath: string
  readonly attributes: Sender['attributes']
  /** Answers that must be there before anything can be asked, such as an access token's. */
  readonly prepare?: (network: ScriptedNetwork) => void
  /** Where the question arrives. */
  readonly checkPath: string
  readonly taken: Script
  /** A refusal of the credentials that says what it was sent. */
  readonly notTaken: (quoting: string) => Script
}

/** The same things are true of every network's check; this asks them all of one. */
export function keepsCheckContract(name: string, contract: CheckCase): void {
  describe(`a check of ${name} credentials:`, () => {
    let scripted: ScriptedNetwork
    let http: Http
    let network: Network
    const signal = new AbortController().signal
    const { attributes, checkPath, definition, endpointPath } = contract

    beforeAll(async () => (scripted = await startScriptedNetwork()))
    afterAll(() => scripted.close())
    beforeEach(() => {
      const endpointHosts = [new URL(scripted.url).host]
      http = openHttp({ timeoutMs: 300, firstRepeatMs: 1, endpointHosts })
      const endpointUrl = scripted.url + endpointPath
      network = definition.open(
        { account: 'shop', network: 'any', id: 'sender', active: true, endpointUrl, attributes, revision: '1' },
        http.exchange,
      )
      contract.prepare?.(scripted)
    })
    afterEach(() => http.close())

    test('credentials that the network takes pass, and nothing but reads was asked of it', async () => {
      scripted.script(checkPath, contract.taken)
      expect(await network.check(signal)).toMatchObject({ outcome: 'accepted' })
      expect(scripted.calls(checkPath).map(({ text }) => text)).toEqual([''])
    })

    test('credentials that the network does not take are refused for that reason, and not quoted', async () => {
      const quoted = () => scripted.received.map(({ headers, text }) => `${headers.authorization} ${text}`).join(' ')
      scripted.script(checkPath, () => contract.notTaken(quoted()))
      const receipt = await network.check(signal)
      expect(receipt).toMatchObject({ outcome: 'refused', reason: 'credentials' })
      for (const secret of [...secrets(), tokenUsed()]) expect(JSON.stringify(receipt)).not.toContain(secret)
    })

    test('something else that answers 200 at the endpoint is not taken for the network', async () => {
      scripted.script(checkPath, { status: 200, body: '<html>OK</html>' })
      expect(await network.check(signal)).toMatchObject({ outcome: 'refused', reason: 'rejected' })
    })

    test('trouble on the network’s side that passes is not seen from outside, trouble that lasts is told as such', async () => {
      scripted.script(checkPath, { status: 503 }, 'hang up', contract.taken)
      expect(await network.check(signal)).toMatchObject({ outcome: 'accepted' })
      scripted.script(checkPath, { status: 503 })
      expect(await network.check(signal)).toMatchObject({ outcome: 'deferred', reason: 'unavailable' })
    })

    test('a network that does not answer leaves the question open', async () => {
      scripted.script(checkPath, 'hang up')
      await expect(network.check(signal)).rejects.toMatchObject({ name: 'NoAnswer' })
    })

    test('no secret is in the address that is called', async () => {
      scripted.script(checkPath, contract.taken)
      await network.check(signal)
      const addresses = scripted.received.map(({ path, query }) => `${path}?${query.toString()}`).join('\n')
      for (const secret of [...secrets(), tokenUsed()]) expect(addresses).not.toContain(secret)
    })

    function secrets(): string[] {
      const names = definition.senderAttributes
        .filter(({ kind }) => kind === 'secret')
        .map((attribute) => attribute.name)
      return names.map((attribute) => attributes[attribute]).filter((value) => typeof value === 'string')
    }

    function tokenUsed(): string {
      const token = scripted.calls(checkPath).at(-1)?.headers.authorization?.replace('Bearer ', '')
      if (!token) throw new Error('the check was made without a token')
      return token
    }
  })
}
