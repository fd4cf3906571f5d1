import type { RequestHandler } from 'express'

import { callerOf } from '../access.ts'
import { errorcodes, Problem } from '../problem.ts'

/** So many of a client's are in a process at a time: each may hold memory as no other request does, while it arrives and is worked on. */
const batchesMax = 4

/** Refuses what a client sends beyond the batches that it may have under way. */
export function limitBatches(): RequestHandler {
  const underWay = new Map<string, number>()
  return (request, response, next) => {
    const { id } = callerOf(request)
    const before = underWay.get(id) ?? 0
    if (before >= batchesMax) throw tooManyBatches()
    underWay.set(id, before + 1)
    response.once('close', () => {
      const left = (underWay.get(id) ?? 1) - 1
      if (left === 0) underWay.delete(id)
      else underWay.set(id, left)
    })
    next()
  }
}

/** The client has as many batches under way as it may have. */
export function tooManyBatches(): Problem {
  return new Problem(429, errorcodes.throttled, `This client may have ${batchesMax} batches under way at a time`, {
    headers: { 'Retry-After': '1' },
  })
}
