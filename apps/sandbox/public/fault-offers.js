/** Longer than a worker waits, unless told otherwise. */
const timeoutMs = 15_000
const slowMs = 3000

/** The usual faults, for a button each: the `code` that is answered and in which `words`, `what` comes of it in a sentence, and what the control API is asked for. */

const trouble = [
  { code: '500', words: 'server error', fault: 'server-error', what: 'Answers 500; not taken' },
  { code: '503', words: 'unavailable', fault: 'unavailable', what: 'Answers 503 with a page of HTML; not taken' },
  { words: 'slow, 3 s', fault: 'slow', delayMs: slowMs, what: 'Takes it after 3 s, and answers as usual' },
  {
    words: 'no answer, taken',
    fault: 'slow-answer',
    delayMs: timeoutMs,
    what: `Takes it at once, and answers after ${timeoutMs / 1000} s, when a worker has given up`,
  },
  { words: 'cut, taken', fault: 'drop-after', what: 'Takes it, and cuts the connection instead of an answer' },
  { words: 'cut, not taken', fault: 'drop-before', what: 'Cuts the connection; not taken' },
  { code: '200', words: 'garbled, taken', fault: 'garbage', what: 'Takes it, and answers 200 with what is no JSON' },
]

/** A credential is dead until it is revived: a worker that is refused once gets itself a new token. */
const untilCleared = { times: 0 }

const graph = (code, words, message, subcode) => ({
  code: String(code),
  words,
  fault: 'graph-error',
  what: `Answers error ${code}${subcode ? `/${subcode}` : ''}: ${message}`,
  details: { code, subcode, message: `(#${code}) ${message}` },
})

export const offers = {
  line: [
    { code: '429', words: 'too many calls', fault: 'rate-limit', what: 'Answers 429: the rate limit is exceeded' },
    {
      code: '429',
      words: 'monthly limit',
      fault: 'monthly-limit',
      what: 'Answers 429: “You have reached your monthly limit.”',
    },
    {
      code: '429',
      words: 'same person',
      fault: 'same-user-limit',
      what: 'Answers 429: too many messages to the same person',
    },
    {
      code: '400',
      words: 'no such person',
      fault: 'unknown-recipient',
      what: 'Answers a push 400: “Failed to send messages”',
    },
    {
      code: '400',
      words: 'bad reply token',
      fault: 'invalid-reply-token',
      what: 'Answers a reply 400: “Invalid reply token”',
    },
    {
      code: '401',
      words: 'dead credential',
      fault: 'unauthorized',
      what: 'Answers 401 until cleared',
      ...untilCleared,
    },
    {
      code: '403',
      words: 'not allowed',
      fault: 'forbidden',
      what: 'Answers 403: this API is not available for the account',
    },
    ...trouble,
  ],
  messenger: [
    {
      code: '613',
      words: 'too many calls',
      fault: 'rate-limit',
      what: 'Answers error 613: the rate limit is exceeded',
    },
    graph(368, 'page held back', 'The action attempted has been deemed abusive or is otherwise disallowed'),
    graph(100, 'no such person', 'No matching user found', 2018001),
    graph(551, 'not available', 'This person isn’t available right now.'),
    graph(10, 'window is over', 'This message is sent outside of allowed window.', 2018278),
    {
      code: '190',
      words: 'dead credential',
      fault: 'expired-token',
      what: 'Answers error 190 until cleared',
      ...untilCleared,
    },
    { code: '2', words: 'temporary', fault: 'temporary', what: 'Answers error 2, which says that it will pass' },
    { code: '1', words: 'but sent', fault: 'sent-but-error', what: 'Takes it, and answers error 1/1357046' },
    ...trouble,
  ],
}
