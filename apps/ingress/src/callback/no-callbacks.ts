import type { CallbackCollaborators } from './route.ts'

/** For tests that are about something else. */
export const noCallbacks: CallbackCollaborators['callbacks'] = {
  find: async () => undefined,
  put: () => Promise.reject(new Error('no callback is kept in memory')),
  rotateSecret: async () => undefined,
  remove: async () => false,
}
