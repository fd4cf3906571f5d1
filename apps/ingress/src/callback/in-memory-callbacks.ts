import type { Callback } from '@ott/registry'

import type { CallbackCollaborators } from './route.ts'

/** Of accounts that have one callback each, whose endpoint is in trouble from its second registration on. */
export function inMemoryCallbacks(): CallbackCollaborators['callbacks'] {
  const kept = new Map<string, Callback>()
  const secret = 'whsec_hush'
  return {
    find: async (account) => kept.get(account),
    put: async (account, wanted) => {
      const before = kept.get(account)
      const at = 1_763_956_000_000
      const trouble = {
        failing: { since: at, message: 'it answered 500' },
        disabled: { at, reason: 'failing' },
      } as const
      const made = { id: '019aa5a1-3f4b-7c11-8a53-2f0d4d6f4a10', account, createdAt: at, since: at }
      const callback: Callback = { ...made, ...wanted, ...(before !== undefined && trouble) }
      kept.set(account, callback)
      return before === undefined ? { callback, secret } : { callback, secret: undefined }
    },
    rotateSecret: async (account) => {
      const callback = kept.get(account)
      return callback && { callback, secret }
    },
    remove: async (account) => kept.delete(account),
  }
}
