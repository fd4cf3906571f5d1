import type { IRedisClient } from 'bullmq'

import { addScript } from './add-script.ts'
import { exchangeScript } from './exchange-script.ts'
import { levelScript } from './level-script.ts'

const scripts = {
  ottAdd: { numberOfKeys: 6, lua: addScript },
  ottExchange: { numberOfKeys: 9, lua: exchangeScript },
  ottLevel: { numberOfKeys: 6, lua: levelScript },
}

/** Connections that the scripts are known to. */
const known = new WeakSet<object>()

/**
 * Runs one of the scripts that do for many deliveries at a time what BullMQ's do for one. They are made known to the connection,
 * which many queues may share, when it is used first.
 */
export async function runScript(
  client: IRedisClient,
  name: keyof typeof scripts,
  args: (string | number | undefined)[],
) {
  if (!known.has(client)) {
    for (const [each, script] of Object.entries(scripts)) client.defineCommand(each, script)
    known.add(client)
  }
  return client.runCommand(name, args)
}
