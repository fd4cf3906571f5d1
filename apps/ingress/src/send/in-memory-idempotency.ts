import type { IdempotencyRecord, IdempotencyRecords } from '@ott/queue'

/** Idempotency keys as Redis would keep them. */
export function inMemoryIdempotency(): IdempotencyRecords {
  const records = new Map<string, IdempotencyRecord>()
  return {
    find: async (account, key) => records.get(`${account}:${key}`),
    claim: async (account, key, wanted) => {
      const record = records.get(`${account}:${key}`) ?? { ...wanted, state: 'claimed' }
      records.set(`${account}:${key}`, record)
      return record
    },
    accept: async (account, key, record) => void records.set(`${account}:${key}`, { ...record, state: 'accepted' }),
  }
}
