import type { Fleet } from './fleet.ts'
import { aLineUser, aMessengerUser } from './people.ts'

/** A sender and a person of the test's own, and a delivery between them. */
export type Conversation = {
  readonly senderId: string
  readonly ottId: string
  /** A send request; `to` and further properties as given. */
  readonly request: (to?: object, further?: object) => object
}

/** On LINE. `policy` is what the sender registers beside the usual; `id` its own, where that matters. */
export async function aLineConversation(fleet: Fleet, policy: object = {}, id?: string): Promise<Conversation> {
  const [senderId, ottId] = [await fleet.registerSender('line', { policy, id }), aLineUser()]
  return { senderId, ottId, request: requestOf('line', senderId, ottId) }
}

/** On Messenger. `policy` is what the sender registers beside the usual; `id` its own, where that matters. */
export async function aMessengerConversation(fleet: Fleet, policy: object = {}, id?: string): Promise<Conversation> {
  const [senderId, ottId] = [await fleet.registerSender('messenger', { policy, id }), aMessengerUser()]
  return { senderId, ottId, request: requestOf('messenger', senderId, ottId) }
}

function requestOf(senderType: string, senderId: string, ottId: string): Conversation['request'] {
  const customKeys = senderType === 'messenger' ? [{ messagingType: 'RESPONSE' }] : undefined
  return (to = {}, further = {}) => ({
    from: { senderType, senderId },
    to: { ottId, ...to },
    message: { contents: [{ type: 'text', text: 'Your table is ready' }], customKeys },
    ...further,
  })
}
