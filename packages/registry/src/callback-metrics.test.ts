import { expect, test } from '@jest/globals'
import { useRedis } from '@ott/local/testing'
import { closeRedis, createLogger, createMetrics, openRedis } from '@ott/runtime'

import { exposeCallbacks } from './callback-metrics.ts'
import { CallbackRegistry } from './callback-registry.ts'
import { createSealer } from './sealer.ts'

const server = useRedis()

test('how many callbacks are well, failing and disabled is told, of all accounts', async () => {
  const logger = createLogger('test', 'silent')
  const redis = await openRedis(server.url, 'failing', logger)
  server.onStop(() => closeRedis(redis))
  const sealer = createSealer([Buffer.alloc(32, 'k')])
  const callbacks = await CallbackRegistry.open(redis, { redisUrl: server.url, logger, sealer })
  server.onStop(() => callbacks.close())
  const { registry } = createMetrics({ program: 'ingress' })
  exposeCallbacks(registry, callbacks)
  const told = async () =>
    Array.from((await registry.metrics()).matchAll(/^ott_callbacks\{state="(\w+)".*\} (\d+)$/gm), ([, state, count]) =>
      [state, count].join(' '),
    )

  expect(await told()).toEqual(['well 0', 'failing 0', 'disabled 0'])
  for (const account of ['well', 'another', 'failing', 'disabled', 'both']) {
    const wanted = { url: 'https://shop.example/hook', types: ['message.sent'], includeRequestBody: false }
    const { callback } = await callbacks.put(account, wanted)
    if (account === 'failing' || account === 'both') await callbacks.note(callback, 'answered 500')
    if (account === 'disabled' || account === 'both') await callbacks.disable(callback, 'operator')
  }
  expect(await told()).toEqual(['well 2', 'failing 1', 'disabled 2'])
})
