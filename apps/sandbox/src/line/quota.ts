import type { Endpoint } from './endpoint.ts'

/** https://developers.line.biz/en/reference/messaging-api/#get-quota */
export const quota: Endpoint = {
  method: 'GET',
  operation: 'quota',
  answer: () => ({ status: 200, body: { type: 'none' } }),
}

/** https://developers.line.biz/en/reference/messaging-api/#get-consumption */
export function consumption(pushes: ReadonlyMap<string, number>): Endpoint {
  return {
    method: 'GET',
    operation: 'quota/consumption',
    answer: ({ sender }) => ({ status: 200, body: { totalUsage: pushes.get(sender) ?? 0 } }),
  }
}
