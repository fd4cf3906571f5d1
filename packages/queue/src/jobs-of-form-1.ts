/**
 * For tests: two jobs as Redis held them when commit 7e49bfb had written them, key and value of each field. The first had been
 * attempted twice, and waited for its third attempt; the second had just been queued.
 */
export const attemptedTwice = {
  id: '7c2cbd4e-2d6b-4d5c-8f57-1f1c4f2f5a10',
  fields: {
    name: 'deliver',
    data: '{"v":1,"delivery":{"account":"shop","network":"line","sender":"1650000000","recipient":{"id":"U4af4980629a1b2c3d4e5f60718293a4b"},"contents":[{"type":"text","text":"Your table is ready"}],"validity":"PT30M","createdAt":1795000000000,"id":"7c2cbd4e-2d6b-4d5c-8f57-1f1c4f2f5a10","key":"order-1"}}',
    opts: '{"jobId":"7c2cbd4e-2d6b-4d5c-8f57-1f1c4f2f5a10","backoff":{"type":"ladder"},"attempts":8}',
    timestamp: '1795459133854',
    delay: '5304',
    priority: '0',
    ats: '2',
    atm: '2',
    processedOn: '1795459135014',
    failedReason: 'no-answer: api.line.me gave no answer (UND_ERR_HEADERS_TIMEOUT)',
    stacktrace: '["no-answer: api.line.me gave no answer (UND_ERR_HEADERS_TIMEOUT)","unavailable: LINE answered 503"]',
  },
} as const

export const justQueued = {
  id: '0b9a1f0e-92a1-4b7e-9d43-6c1b8f0f7d22',
  fields: {
    name: 'deliver',
    data: '{"v":1,"delivery":{"account":"shop","network":"line","sender":"1650000000","recipient":{"id":"U4af4980629a1b2c3d4e5f60718293a4b"},"contents":[{"type":"text","text":"Your table is ready"}],"validity":"PT30M","createdAt":1795000000000,"id":"0b9a1f0e-92a1-4b7e-9d43-6c1b8f0f7d22","key":"order-2"}}',
    opts: '{"jobId":"0b9a1f0e-92a1-4b7e-9d43-6c1b8f0f7d22","backoff":{"type":"ladder"},"attempts":8}',
    timestamp: '1795459135371',
    delay: '0',
    priority: '0',
  },
} as const
