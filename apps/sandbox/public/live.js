/** So long the page waits before it asks again where the browser gives up by itself. */
const againMs = 1000

/**
 * Follows the sandbox: `onUpdate` gets each update, once and in order, `onState` whether there is a connection. The browser comes back
 * by itself after a lost connection and says what it has seen; after an answer that is no stream it does not, and this does it.
 */
export function follow(onUpdate, onState) {
  let seen = ''

  function open() {
    const source = new EventSource(`/sandbox/events?after=${encodeURIComponent(seen)}`)
    source.addEventListener('open', () => onState(true))
    source.addEventListener('message', ({ data, lastEventId }) => {
      seen = lastEventId
      onUpdate(JSON.parse(data))
    })
    source.addEventListener('error', () => {
      onState(false)
      if (source.readyState === EventSource.CLOSED) setTimeout(open, againMs)
    })
  }
  open()
}
