import { z } from 'zod'

import { call } from '../use-ingress.ts'

const Items = z.object({ items: z.array(z.looseObject({ status: z.number(), ottRequestId: z.uuid().optional() })) })

/** What a batch was answered for each of its requests. */
export function itemsOf(json: unknown) {
  return Items.parse(json).items
}

/** Sends a batch as a JSON array. */
export function postBatch(url: string, headers: Record<string, string>, requests: readonly unknown[]) {
  return postBody(url, headers, JSON.stringify(requests))
}

/** Sends a batch as lines of JSON, or of what is meant to be it. */
export function postLines(url: string, headers: Record<string, string>, lines: readonly string[]) {
  return postBody(url, { ...headers, 'content-type': 'application/x-ndjson' }, lines.join('\n'))
}

function postBody(url: string, headers: Record<string, string>, body: string) {
  return call(`${url}/ott/v1/send/batch`, { method: 'POST', headers, body })
}
