import type { Sender } from '@ott/delivery'

/** STUB — being written. */
export class SenderRegistry {
  /** The sender as last registered, active or not. Cached; a change anywhere is seen within a second. */
  find(_network: string, _id: string): Promise<Sender | undefined> {
    return Promise.reject(new Error('not yet'))
  }

  /** Registers, or overwrites. */
  register(_sender: Omit<Sender, 'revision'>): Promise<void> {
    return Promise.reject(new Error('not yet'))
  }

  /** One page of a network's senders, ordered by id; pages count from 1. `count` is of all pages. */
  list(_network: string, _page: number, _pageSize: number): Promise<{ count: number; senders: Sender[] }> {
    return Promise.reject(new Error('not yet'))
  }

  /** Returns whether there was one. */
  remove(_network: string, _id: string): Promise<boolean> {
    return Promise.reject(new Error('not yet'))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
