import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { z } from 'zod'

import { type ChattySandbox, openChattySandbox } from '../test-chats.ts'
import { hello } from '../test-sandbox.ts'

let sandbox: ChattySandbox
beforeEach(async () => {
  sandbox = await openChattySandbox()
})
afterEach(() => sandbox.close())

const Update = z.object({
  entries: z.array(z.object({ sequence: z.number(), network: z.string() })),
  oldest: z.number(),
  newest: z.number(),
  faults: z.array(z.unknown()),
})

/** Reads the events, one by one: each its id and what it says. */
async function* listenTo({ url }: ChattySandbox, headers: Record<string, string> = {}, query = '') {
  const response = await fetch(`${url}/sandbox/events${query}`, { headers })
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const [, id, data] = /^id: (.+)\ndata: (.+)$/.exec(event) ?? []
      if (id !== undefined) yield { id, update: Update.parse(JSON.parse(data ?? '')) }
    }
  }
}

type Events = ReturnType<typeof listenTo>

async function next(events: Events) {
  const { value } = await events.next()
  if (value === undefined) throw new Error('the stream has ended')
  return value
}

/** Reads on until that entry was told, and returns the numbers of all that were. */
async function numbersUpTo(events: Events, last: number): Promise<number[]> {
  const numbers: number[] = []
  while (!numbers.includes(last)) numbers.push(...(await next(events)).update.entries.map(({ sequence }) => sequence))
  return numbers
}

test('a reader is told what there is, and then what is new, each entry once', async () => {
  await sandbox.push([hello])
  const events = listenTo(sandbox)
  expect((await next(events)).update).toMatchObject({ entries: [{ sequence: 1 }], oldest: 1, newest: 1 })
  for (let sent = 0; sent < 20; sent += 1) await sandbox.push([hello])
  expect(await numbersUpTo(events, 21)).toEqual(Array.from({ length: 20 }, (_, place) => place + 2))
  await events.return(undefined)
})

test('who returns is told what was missed, whether by the header or in the query', async () => {
  const events = listenTo(sandbox)
  await sandbox.push([hello])
  let { id, update } = await next(events)
  while (update.newest < 1) ({ id, update } = await next(events))
  await events.return(undefined)
  for (let sent = 0; sent < 3; sent += 1) await sandbox.push([hello])
  for (const again of [
    listenTo(sandbox, { 'last-event-id': id }),
    listenTo(sandbox, {}, `?after=${encodeURIComponent(id)}`),
  ]) {
    expect(await numbersUpTo(again, 4)).toEqual([2, 3, 4])
    await again.return(undefined)
  }
})

test('what another run of the program has told counts for nothing, nor does what makes no sense', async () => {
  await sandbox.push([hello])
  for (const id of ['7d2f3f8e-52cf-4d0c-8a6b-0d6f1f1d2b11/900', '1', '', 'a/b/c']) {
    const events = listenTo(sandbox, { 'last-event-id': id })
    expect(await numbersUpTo(events, 1)).toEqual([1])
    await events.return(undefined)
  }
})

test('a flood on one network does not take the other from the page', async () => {
  await sandbox.send({ text: 'long ago' })
  for (let sent = 0; sent < 300; sent += 50) await Promise.all(Array.from({ length: 50 }, () => sandbox.push([hello])))
  const events = listenTo(sandbox)
  const { update } = await next(events)
  expect(update.entries.find(({ network }) => network === 'messenger')).toMatchObject({ sequence: 1 })
  expect(update.entries.findLast(({ network }) => network === 'line')).toMatchObject({ sequence: 301 })
  expect(update.entries).toHaveLength(251)
  await events.return(undefined)
})

test('a fault is told when it is made, when it is met, and when it is over', async () => {
  const events = listenTo(sandbox)
  await next(events)
  await sandbox.control('/faults', { network: 'line', fault: 'rate-limit', times: 2 })
  expect((await next(events)).update.faults).toMatchObject([{ fault: 'rate-limit', met: 0 }])
  await sandbox.push([hello])
  expect((await next(events)).update.faults).toMatchObject([{ met: 1 }])
  await sandbox.call('/sandbox/faults', undefined, { method: 'DELETE' })
  expect((await next(events)).update.faults).toEqual([])
  await events.return(undefined)
})

test('a stop ends the streams, so that it need not wait for them', async () => {
  const other = await openChattySandbox()
  const events = listenTo(other)
  await next(events)
  await other.close()
  expect(await events.next()).toMatchObject({ done: true })
})
