import { expect, test } from '@jest/globals'

import { aDelivery } from './a-delivery.ts'
import { push, useScriptedLine } from './line/scripted-line.ts'
import { send, useScriptedMessenger } from './messenger/scripted-messenger.ts'

const networks = [
  ['LINE', useScriptedLine(), push],
  ['Messenger', useScriptedMessenger(), send],
] as const

for (const [title, network, path] of networks)
  test.each([429, 503])(
    `${title} that answers %i and says when to come back is left alone until then`,
    async (status) => {
      network.script(path, { status, body: {}, headers: { 'retry-after': '120' } })
      expect(await network.deliver(aDelivery())).toMatchObject({ outcome: 'deferred', retryAfterMs: 120_000 })
      expect(network.calls(path)).toHaveLength(1)
    },
  )
