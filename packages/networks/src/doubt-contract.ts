import { expect, test } from '@jest/globals'

import { aDelivery, anAttempt } from './a-delivery.ts'
import type { ContractCase } from './network-contract.ts'
import type { Script } from './scripted-network.ts'
import type { Scripted } from './use-scripted-network.ts'

const text = 'Your table is ready'
const contents = [{ type: 'text', text }] as const
const proxyFault = { status: 503, body: '<html>' }

const refuseRecord = () => Promise.reject(new Error('another worker has it'))

/** What is true of every network when an answer is lost, or when a delivery is no longer to be made. */
export function asksAboutDoubt(scripted: Scripted, contract: ContractCase): void {
  const answers = (...scripts: Script[]) => scripted.script(contract.deliverPath, ...scripts)
  const sent = () => scripted.received().filter((call) => call.text.includes(text))

  test.each<Script>(['hang up', 'stay silent'])(
    'when the network takes the call and then should %s, no answer is claimed',
    async (script) => {
      answers(script)
      await expect(scripted.deliver(aDelivery())).rejects.toMatchObject({ name: 'NoAnswer', reached: true })
    },
  )

  test('trouble that lasts defers the delivery, which may have been taken all the same', async () => {
    answers(proxyFault)
    expect(await scripted.deliver(aDelivery())).toMatchObject({
      outcome: 'deferred',
      reason: 'unavailable',
      inDoubt: true,
    })
  })

  test('a definite answer leaves no doubt, unless it comes after one that did', async () => {
    answers(contract.throttled)
    expect(await scripted.deliver(aDelivery())).not.toHaveProperty('inDoubt')
    answers(proxyFault, contract.throttled)
    expect(await scripted.deliver(aDelivery())).toMatchObject({ reason: 'throttled', inDoubt: true })
    answers(proxyFault, contract.refused(''))
    expect(await scripted.deliver(aDelivery())).toMatchObject({ outcome: 'refused', inDoubt: true })
  })

  test('nothing is sent after the time until which it may be', async () => {
    answers(contract.accepted.script)
    await expect(scripted.deliver(aDelivery({ contents: [...contents] }), { notAfter: 1 })).rejects.toMatchObject({
      name: 'TooLate',
    })
    expect(sent()).toHaveLength(0)
  })

  test('nothing is sent when it cannot be put on record, since another worker has the delivery', async () => {
    answers(contract.accepted.script)
    const { attributes = contract.attributes, delivery } = contract.recording
    const attempted = scripted
      .openWith(attributes)
      .deliver(aDelivery({ contents: [...contents], ...delivery }), anAttempt({ record: refuseRecord }))
    await expect(attempted).rejects.toThrow('another worker has it')
    expect(sent()).toHaveLength(0)
  })
}
