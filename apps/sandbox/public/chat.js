import { toBubbles } from './bubble.js'
import { arrange } from './element.js'
import { toOwnBubble } from './written.js'

/** Whoever reads this near the end of a chat is taken along when more comes. */
const nearEndPixels = 60

/** The messages of one chat in a list: `commandFor(written)` makes the command that replies to what was written. */
export function createChat(list, { openJourney, commandFor }) {
  /** The list items made so far, by what they show: what is playing or open stays so. */
  let shown = new Map()
  let isAtEnd = true

  function toEnd() {
    list.scrollTop = list.scrollHeight
  }

  list.addEventListener('scroll', () => {
    isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < nearEndPixels
  })
  // A picture has its height only when it is there; its event does not bubble.
  list.addEventListener('load', () => isAtEnd && toEnd(), true)

  function make(message, isUsed) {
    return message.via ? toBubbles(message, openJourney) : [toOwnBubble(message, isUsed, commandFor(message))]
  }

  return {
    draw: (said) => {
      const used = new Set(said.filter(({ via }) => via === 'reply').map(({ mark }) => mark))
      const wanted = new Map(
        said.map((message) => {
          const isUsed = used.has(message.mark)
          const key = `${message.via ?? 'own'} ${message.sequence} ${message.at} ${isUsed}`
          return [key, shown.get(key) ?? make(message, isUsed)]
        }),
      )
      const isOther = ![...wanted.keys()].some((key) => shown.has(key))
      for (const [key, items] of shown) if (!wanted.has(key)) for (const item of items) item.remove()
      arrange(list, [...wanted.values()].flat())
      shown = wanted
      if (isOther || isAtEnd) toEnd()
    },
  }
}
