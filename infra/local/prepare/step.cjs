const oftenMs = 1000

/**
 * Does the work, saying what and for how long, and returns what stood in its way. On a terminal that line is written anew each second,
 * with what the work says of itself; elsewhere it is one plain line.
 */
async function step(label, work) {
  const startedAt = Date.now()
  const live = process.stdout.isTTY === true
  let news = ''
  const show = () => process.stdout.write(fitted(`${label} … ${inSeconds(startedAt)}${news === '' ? '' : `  ${news}`}`))
  process.stdout.write(`${label} … `)
  const shown = live ? setInterval(show, oftenMs) : undefined
  const fault = await work((told) => (news = told)).finally(() => clearInterval(shown))
  const end = fault === undefined ? inSeconds(startedAt) : 'failed'
  process.stdout.write(live ? `${fitted(`${label} … ${end}`)}\n` : `${end}\n`)
  return fault
}

/** In place of the terminal's line, and cut to it: of a longer one only the end could be wiped. */
function fitted(text) {
  return `\r\u001B[K${text.slice(0, (process.stdout.columns || 80) - 1)}`
}

function inSeconds(startedAt) {
  const seconds = (Date.now() - startedAt) / 1000
  return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
}

module.exports = { step }
