/** As many entries of a network are shown; the sandbox tells no more of them at once. */
const shownMax = 250

/** What is shown, as the updates have brought it. */
export function createStory() {
  let run
  let seen = 0
  let entries = []
  let latest = { written: [], calls: [], faults: [], senders: {}, oldest: 1, newest: 0 }

  return {
    /** Takes in an update of the sandbox. */
    take: (update) => {
      if (update.run !== run) entries = []
      if (update.run !== run) seen = 0
      run = update.run
      const fresh = update.entries.filter(({ sequence }) => sequence > seen)
      const kept = entries.filter(({ sequence }) => sequence >= update.oldest)
      entries = ['line', 'messenger'].flatMap((network) =>
        [...kept, ...fresh].filter((entry) => entry.network === network).slice(-shownMax),
      )
      seen = update.newest
      latest = update
    },
    get latest() {
      return latest
    },
    /** How many messages are shown, and how many the ledger holds. */
    get counts() {
      return { shown: entries.length, kept: latest.newest - latest.oldest + 1 }
    },
    /** A network's chats, who was written to or wrote last first: each a person and what was said, oldest first. */
    chats: (network) => toChats([...entries, ...latest.written].filter((item) => item.network === network)),
  }
}

function toChats(items) {
  const said = items.toSorted((one, other) => one.at - other.at || one.sequence - other.sequence)
  const chats = Map.groupBy(said, (item) => item.recipient ?? item.person)
  return [...chats]
    .map(([person, messages]) => ({ person, messages }))
    .toSorted((one, other) => other.messages.at(-1).at - one.messages.at(-1).at)
}
