import { accepted, Content, defineNetwork, refused } from '@ott/delivery'
import { z } from 'zod'

/** A third network, in the one folder that a network takes. */
export const pigeon = defineNetwork({
  title: 'Pigeon',
  apiVersion: 'v1',
  senderAttributes: [
    { name: 'loftId', kind: 'text', required: true },
    { name: 'loftKey', kind: 'secret', required: true },
  ],
  senderId: 'loftId',
  addressedBy: 'id or reference',
  contentTypes: ['text'],
  contentsMax: 2,
  takesAttachmentIds: false,
  needsPurpose: false,
  limits: Content.refine((content) => content.type !== 'text' || content.text.length <= 40, {
    path: ['text'],
    message: 'must not be longer than 40 characters',
  }),
  concurrency: 2,
  isReply: () => false,
  pace: () => undefined,
  credentials: z.object({ loftKey: z.string(), endpointUrl: z.url() }),
  open: ({ loftKey, endpointUrl }, exchange) => ({
    check: async (signal) => {
      const headers = { authorization: loftKey }
      const call = { method: 'GET', url: endpointUrl, headers, signal, repeatable: true, passing: () => false } as const
      const { status } = await exchange(call)
      return status === 200 ? accepted('check', []) : refused('credentials', `Pigeon ${status}`)
    },
    deliver: async ({ recipient, contents }, { signal }) => {
      const answer = await exchange({
        method: 'POST',
        url: endpointUrl,
        headers: { authorization: loftKey },
        body: JSON.stringify({ recipient, contents }),
        signal,
        repeatable: false,
        passing: ({ status }) => status >= 500,
      })
      return answer.status === 200 ? accepted('wing', ['feather-1']) : refused('rejected', `Pigeon ${answer.status}`)
    },
  }),
})
