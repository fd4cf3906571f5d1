import type { Callback } from '@ott/registry'

/** A callback as the API shows it: without its secret. */
export function toCallbackAnswer({ url, types, includeRequestBody, createdAt, failing, disabled }: Callback) {
  return {
    url,
    events: types,
    includeRequestBody,
    createdDateTime: toDateTime(createdAt),
    enabled: disabled === undefined,
    disabled: disabled && { reason: disabled.reason, dateTime: toDateTime(disabled.at) },
    failing: failing && { message: failing.message, sinceDateTime: toDateTime(failing.since) },
  }
}

function toDateTime(at: number): string {
  return new Date(at).toISOString()
}
