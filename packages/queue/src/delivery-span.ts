import type { Delivery } from '@ott/delivery'
import type { SpanStart } from '@ott/runtime'

/** That a delivery is put on a queue, or attempted: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
export function deliverySpan(
  operation: 'send' | 'process',
  queue: string,
  { id, network, sender }: Pick<Delivery, 'id' | 'network' | 'sender'>,
): SpanStart {
  return {
    name: `${operation} ${queue}`,
    kind: operation === 'send' ? 'producer' : 'consumer',
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.operation.name': operation,
      'messaging.operation.type': operation,
      'messaging.destination.name': queue,
      'messaging.message.id': id,
      'ott.network': network,
      'ott.sender': sender,
    },
  }
}
