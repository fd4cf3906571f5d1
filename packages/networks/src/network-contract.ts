import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Content, type Delivery, type Network, type NetworkDefinition, NoAnswer, type Sender } from '@ott/delivery'

import { type Http, openHttp } from './exchange.ts'
import { firstAttempt } from './first-attempt.ts'
import { type Script, type ScriptedNetwork, startScriptedNetwork } from './scripted-network.ts'

/** What the contract must know of a network to put its questions. */
export type ContractCase = {
  readonly definition: NetworkDefinition
  /** The path, at the scripted network, that a sender registers as its endpoint. */
  readonly endpointPath: string
  /** The sender's attributes; the secret ones must never come out again. */
  readonly attributes: Sender['attributes']
  /** Where a delivery by the recipient's id arrives. */
  readonly deliverPath: string
  /** Answers that must be there before a delivery can be made, such as an access token's. */
  readonly prepare?: (network: ScriptedNetwork) => void
  /** An acceptance, with the message's id that it names. */
  readonly accepted: { readonly script: Script; readonly messageId: string }
  readonly throttled: Script
  /** A refusal that says what it was sent. */
  readonly refused: (quoting: string) => Script
}

/** A delivery of one text to a recipient's id, unless told otherwise. */
export function aDelivery(changes: Partial<Delivery> = {}): Delivery {
  return {
    id: '7f0c1a52-9d1e-4c39-8f5e-2a0f5b1c6d7e',
    account: 'shop',
    network: 'any',
    sender: 'sender',
    recipient: { id: 'U4af4980629a1b2c3d4e5f60718293a4b' },
    contents: [{ type: 'text', text: 'Your table is ready' }],
    key: 'order-1',
    validity: '30',
    purpose: 'update',
    createdAt: Date.now(),
    ...changes,
  }
}

/** The same things are true of every network's adapter; this asks them all of one. */
export function keepsNetworkContract(name: string, contract: ContractCase): void {
  describe(`${name} keeps the network contract:`, () => {
    let scripted: ScriptedNetwork
    let nowhere: string
    let http: Http
    let network: Network
    const attempt = firstAttempt(new AbortController().signal)

    beforeAll(async () => {
      const gone = await startScriptedNetwork()
      scripted = await startScriptedNetwork()
      await gone.close()
      nowhere = gone.url
    })
    afterAll(() => scripted.close())
    beforeEach(() => {
      http = openHttp({
        timeoutMs: 300,
        firstRepeatMs: 1,
        endpointHosts: [scripted.url, nowhere].map((url) => new URL(url).host),
      })
      network = contract.definition.open(senderAt(scripted.url + contract.endpointPath, contract), http.exchange)
      contract.prepare?.(scripted)
    })
    afterEach(() => http.close())

    const answers = (...scripts: Script[]) => {
      const before = scripted.calls(contract.deliverPath).length
      scripted.script(contract.deliverPath, ...scripts)
      return () => scripted.calls(contract.deliverPath).length - before
    }

    test('an accepted delivery has the network’s own message id, kept as text', async () => {
      const calls = answers(contract.accepted.script)
      expect(await network.deliver(aDelivery(), attempt)).toMatchObject({
        outcome: 'accepted',
        messageIds: [contract.accepted.messageId],
      })
      expect(calls()).toBe(1)
    })

    test('trouble on the network’s side that passes within seconds is not seen from outside', async () => {
      const calls = answers({ status: 503, body: '<html>' }, { status: 500 }, contract.accepted.script)
      expect(await network.deliver(aDelivery(), attempt)).toMatchObject({ outcome: 'accepted' })
      expect(calls()).toBe(3)
    })

    test('trouble that lasts defers the delivery', async () => {
      answers({ status: 500 })
      expect(await network.deliver(aDelivery(), attempt)).toMatchObject({
        outcome: 'deferred',
        reason: 'unavailable',
      })
    })

    test('a throttled delivery is deferred at once, without knocking again', async () => {
      const calls = answers(contract.throttled)
      expect(await network.deliver(aDelivery(), attempt)).toMatchObject({
        outcome: 'deferred',
        reason: 'throttled',
      })
      expect(calls()).toBe(1)
    })

    test('a refused delivery is not tried again', async () => {
      const calls = answers(contract.refused(''))
      expect(await network.deliver(aDelivery(), attempt)).toMatchObject({ outcome: 'refused' })
      expect(calls()).toBe(1)
    })

    test('a redirect is not followed', async () => {
      const calls = answers({ status: 307, headers: { location: `${scripted.url}/elsewhere` } })
      expect(await network.deliver(aDelivery(), attempt)).toMatchObject({ outcome: 'refused' })
      expect(calls()).toBe(1)
      expect(scripted.calls('/elsewhere')).toHaveLength(0)
    })

    test.each<Script>([{ status: 200, body: '<html>OK</html>' }, 'break off'])(
      'an acceptance that cannot be read (%j) is an acceptance: a repeat would write to the person twice',
      async (script) => {
        const calls = answers(script)
        expect(await network.deliver(aDelivery(), attempt)).toMatchObject({
          outcome: 'accepted',
          messageIds: [],
        })
        expect(calls()).toBe(1)
      },
    )

    test.each<Script>(['hang up', 'stay silent'])(
      'when the network takes the call and then should %s, no answer is claimed',
      async (script) => {
        answers(script)
        await expect(network.deliver(aDelivery(), attempt)).rejects.toMatchObject({
          name: 'NoAnswer',
          reached: true,
        })
      },
    )

    test('when no connection can be made, the network has not seen the delivery', async () => {
      const closed = contract.definition.open(senderAt(nowhere + contract.endpointPath, contract), http.exchange)
      const failure = closed.deliver(aDelivery(), attempt)
      await expect(failure).rejects.toBeInstanceOf(NoAnswer)
      await expect(failure).rejects.toMatchObject({ reached: false })
    })

    test('an aborted delivery rejects', async () => {
      const abort = new AbortController()
      answers(() => {
        abort.abort(new Error('stopping'))
        return 'stay silent'
      })
      await expect(network.deliver(aDelivery(), firstAttempt(abort.signal))).rejects.toThrow('stopping')
    })

    test('no secret that the network quotes comes out in a receipt', async () => {
      const quoted = () => scripted.received.map(({ headers, text }) => `${headers.authorization} ${text}`).join(' ')
      answers(() => contract.refused(quoted()))
      const receipt = JSON.stringify(await network.deliver(aDelivery(), attempt))
      const token = scripted.calls(contract.deliverPath).at(-1)?.headers.authorization?.replace('Bearer ', '')
      expect(quoted()).toContain(token)
      for (const secret of [...secretsOf(contract), token]) expect(receipt).not.toContain(secret)
    })

    test('no secret is in the address that is called', async () => {
      answers(contract.accepted.script)
      await network.deliver(aDelivery(), attempt)
      const addresses = scripted.received.map(({ path, query }) => `${path}?${query.toString()}`).join('\n')
      for (const secret of secretsOf(contract)) expect(addresses).not.toContain(secret)
    })

    test('every content type it lists is one it can send', async () => {
      answers(contract.accepted.script)
      for (const type of contract.definition.contentTypes)
        expect(await network.deliver(aDelivery({ contents: [contentOf(type)] }), attempt)).toMatchObject({
          outcome: 'accepted',
        })
    })

    test('a registration that lacks what the network needs cannot be opened', () => {
      expect(() =>
        contract.definition.open({ ...senderAt(scripted.url, contract), attributes: {} }, http.exchange),
      ).toThrow()
    })
  })
}

function contentOf(type: Content['type']): Content {
  const url = 'https://example.com/a'
  if (type === 'text') return { type, text: 'hello' }
  if (type === 'native') return { type, payload: { type: 'sticker', packageId: '446', stickerId: '1988' } }
  return { type, url, previewUrl: url, durationMs: 1000 }
}

function secretsOf({ definition, attributes }: ContractCase): string[] {
  const names = definition.senderAttributes.filter(({ kind }) => kind === 'secret').map(({ name }) => name)
  return names.map((name) => attributes[name]).filter((value) => typeof value === 'string')
}

function senderAt(endpointUrl: string, { attributes }: ContractCase): Sender {
  return { account: 'shop', network: 'any', id: 'sender', active: true, endpointUrl, attributes, revision: '1' }
}
