/** For tests: a job as Redis held it when commit 0f76c86 had queued it, key and value of each field. */
export const queuedInForm2 = {
  id: 'd9c1e6a7-fc9d-4c2d-8942-839c3a60df5b',
  fields: {
    name: 'deliver',
    data: '{"v":2,"delivery":{"account":"shop","network":"line","sender":"1650000000","recipient":{"id":"U4af4980629a1b2c3d4e5f60718291000"},"contents":[{"type":"text","text":"Your table is ready"}],"validity":"PT30M","extras":{},"createdAt":1795470134113,"expiresAt":4102444800000,"id":"d9c1e6a7-fc9d-4c2d-8942-839c3a60df5b","key":"order-3"}}',
    opts: '{"jobId":"d9c1e6a7-fc9d-4c2d-8942-839c3a60df5b","attempts":0}',
    timestamp: '1795470134118',
    delay: '0',
    priority: '0',
  },
} as const
