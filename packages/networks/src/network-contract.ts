import { describe, expect, test } from '@jest/globals'
import {
  type Content,
  deferred,
  type Delivery,
  type NetworkDefinition,
  NoAnswer,
  type Receipt,
  type Sender,
} from '@ott/delivery'

import { aDelivery, anAttempt } from './a-delivery.ts'
import { asksAboutDoubt } from './doubt-contract.ts'
import type { Script } from './scripted-network.ts'
import { type Scripted, useScriptedNetwork } from './use-scripted-network.ts'

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
  readonly prepare?: (scripted: Scripted) => void
  /** An acceptance, with the message's id that it names. */
  readonly accepted: { readonly script: Script; readonly messageId: string }
  readonly throttled: Script
  /** A refusal that says what it was sent. */
  readonly refused: (quoting: string) => Script
  /** What of a delivery, or of its sender, makes the network put on record which way it goes. */
  readonly recording: { readonly delivery?: Partial<Delivery>; readonly attributes?: Sender['attributes'] }
}

/** The same things are true of every network's adapter; this asks them all of one. */
export function keepsNetworkContract(name: string, contract: ContractCase): void {
  describe(`${name} keeps the network contract:`, () => {
    const { attributes, definition, endpointPath, prepare } = contract
    const scripted = useScriptedNetwork(definition, attributes, endpointPath, (prepared) => prepare?.(prepared))

    asksAboutAnswers(scripted, contract)
    asksAboutDoubt(scripted, contract)
    asksAboutSecrets(scripted, contract)

    test('every content type it lists is one it can send', async () => {
      scripted.script(contract.deliverPath, contract.accepted.script)
      for (const type of definition.contentTypes)
        expect(await scripted.deliver(aDelivery({ contents: [contentOf(type)] }))).toMatchObject({
          outcome: 'accepted',
        })
    })

    test('a registration that lacks what the network needs cannot be opened', () => {
      expect(() => scripted.openWith({})).toThrow()
    })

    test('a choice that is left out is made for the sender, one that is none cannot be opened', () => {
      for (const attribute of definition.senderAttributes.filter(({ kind }) => kind === 'choice')) {
        expect(() => scripted.openWith({ ...attributes, [attribute.name]: 'neither' })).toThrow(attribute.name)
        expect(() => scripted.openWith(attributes)).not.toThrow()
      }
    })
  })
}

function asksAboutAnswers(scripted: Scripted, { deliverPath, ...contract }: ContractCase): void {
  const answers = (...scripts: Script[]) => scripted.script(deliverPath, ...scripts)
  const calls = () => scripted.calls(deliverPath).length
  const { script: acceptance, messageId } = contract.accepted

  test('an accepted delivery has the network’s own message id, kept as text', async () => {
    answers(acceptance)
    expect(await scripted.deliver(aDelivery())).toMatchObject({ outcome: 'accepted', messageIds: [messageId] })
    expect(calls()).toBe(1)
  })

  test('trouble on the network’s side that passes within seconds is not seen from outside', async () => {
    answers({ status: 503, body: '<html>' }, { status: 500 }, acceptance)
    expect(await scripted.deliver(aDelivery())).toMatchObject({ outcome: 'accepted' })
    expect(calls()).toBe(3)
  })

  test('a throttled delivery is deferred at once, without knocking again', async () => {
    answers(contract.throttled)
    expect(await scripted.deliver(aDelivery())).toMatchObject({ outcome: 'deferred', reason: 'throttled' })
    expect(calls()).toBe(1)
  })

  test('a refused delivery is not tried again', async () => {
    answers(contract.refused(''))
    expect(await scripted.deliver(aDelivery())).toMatchObject({ outcome: 'refused' })
    expect(calls()).toBe(1)
  })

  test('a redirect is not followed', async () => {
    answers({ status: 307, headers: { location: '/elsewhere' } })
    expect(await scripted.deliver(aDelivery())).toMatchObject({ outcome: 'refused' })
    expect(calls()).toBe(1)
    expect(scripted.calls('/elsewhere')).toHaveLength(0)
  })

  test.each<Script>([{ status: 200, body: '<html>OK</html>' }, 'break off'])(
    'an acceptance that cannot be read (%j) is an acceptance: a repeat would write to the person twice',
    async (script) => {
      answers(script)
      expect(await scripted.deliver(aDelivery())).toMatchObject({ outcome: 'accepted', messageIds: [] })
      expect(calls()).toBe(1)
    },
  )

  test('when no connection can be made, the network has not seen the delivery', async () => {
    const receipt = await scripted.openNowhere().deliver(aDelivery(), anAttempt()).catch(toUnseen)
    expect(receipt).toEqual({ outcome: 'deferred', reason: 'no-answer', message: expect.any(String) })
  })

  test('an aborted delivery rejects', async () => {
    const abort = new AbortController()
    answers(() => {
      abort.abort(new Error('stopping'))
      return 'stay silent'
    })
    await expect(scripted.deliver(aDelivery(), { signal: abort.signal })).rejects.toThrow('stopping')
  })
}

function asksAboutSecrets(scripted: Scripted, contract: ContractCase): void {
  const { accepted, deliverPath, refused } = contract

  test('no secret that the network quotes comes out in a receipt', async () => {
    const quoted = () => scripted.received().map(({ headers, text }) => `${headers.authorization} ${text}`)
    scripted.script(deliverPath, () => refused(quoted().join(' ')))
    const receipt = JSON.stringify(await scripted.deliver(aDelivery()))
    const token = scripted.calls(deliverPath).at(-1)?.headers.authorization?.replace('Bearer ', '')
    expect(quoted().join(' ')).toContain(token)
    for (const secret of [...secretsOf(contract), token]) expect(receipt).not.toContain(secret)
  })

  test('no secret is in the address that is called', async () => {
    scripted.script(deliverPath, accepted.script)
    await scripted.deliver(aDelivery())
    const addresses = scripted.received().map(({ path, query }) => `${path}?${query.toString()}`)
    for (const secret of secretsOf(contract)) expect(addresses.join('\n')).not.toContain(secret)
  })
}

/** It is the same whether a network says so itself, of a call it makes first, or its delivering call was never seen. */
function toUnseen(error: unknown): Receipt {
  if (error instanceof NoAnswer && !error.reached) return deferred('no-answer', error.message)
  throw error
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
