import type { CallbackJob } from '@ott/queue'
import { Webhook } from 'standardwebhooks'

/**
 * The headers of one attempt to tell an event, signed with each of the secrets, as Standard Webhooks has it:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#webhook-headers-sending-metadata-to-consumers
 */
export function signedHeaders({ id, body }: CallbackJob, secrets: readonly string[], at: Date) {
  return {
    'content-type': 'application/json',
    'user-agent': 'ott-dispatcher',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  }
}
