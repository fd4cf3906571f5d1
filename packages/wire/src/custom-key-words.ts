import type { Alert, Purpose } from '@ott/delivery'

/** messagingType's values, each with the purpose it stands for. */
export const messagingTypes = {
  RESPONSE: 'response',
  UPDATE: 'update',
  MESSAGE_TAG: 'tagged',
} as const satisfies Record<string, Purpose>

/** notificationType's values, each with the alert it stands for. */
export const notificationTypes = {
  REGULAR: 'regular',
  SILENT_PUSH: 'silent',
  NO_PUSH: 'none',
} as const satisfies Record<string, Alert>
