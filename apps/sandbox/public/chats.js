/** As many of the newest accepted calls are shown; the ledger holds more. */
const shownMax = 500

/**
 * Follows the ledger. `step` asks what is new and returns all that is to be shown, oldest first; it rejects when the sandbox
 * does not answer.
 */
export function followLedger() {
  let entries = []
  let seen = 0

  return {
    step: async () => {
      const { oldest, newest } = await read('limit=0')
      // Numbers smaller than one already seen mean that the sandbox was started anew.
      const isNew = newest < seen
      if (isNew) entries = []
      const after = Math.max(isNew ? 0 : seen, newest - shownMax)
      const fresh = newest > after ? (await read(`after=${after}&limit=${shownMax}`)).entries : []
      seen = fresh.at(-1)?.sequence ?? newest
      entries = [...entries.filter(({ sequence }) => sequence >= oldest), ...fresh].slice(-shownMax)
      return entries
    },
  }
}

/** The entries by person, who wrote last first. */
export function toChats(entries) {
  const chats = Map.groupBy(entries, ({ network, recipient }) => `${network}/${encodeURIComponent(recipient)}`)
  return [...chats]
    .map(([key, received]) => ({ key, network: received[0].network, recipient: received[0].recipient, received }))
    .toSorted((one, other) => other.received.at(-1).sequence - one.received.at(-1).sequence)
}

/** Empties the ledger. */
export async function clearLedger() {
  await fetch('/sandbox/ledger', { method: 'DELETE' })
}

async function read(query) {
  const response = await fetch(`/sandbox/ledger?${query}`)
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}.`)
  return response.json()
}
