import type { Delivery, History } from '@ott/delivery'

/** STUB — being written. The producing side of every network's queue. */
export class DeliveryQueues {
  /** Queues it once; resolves when Redis has acknowledged the job and its key's index. Rejects when Redis did not. */
  add(_delivery: Delivery): Promise<void> {
    return Promise.reject(new Error('not yet'))
  }

  /** By delivery id, or by the client's key: the newest delivery of that key. */
  find(_idOrKey: string): Promise<History | undefined> {
    return Promise.reject(new Error('not yet'))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
