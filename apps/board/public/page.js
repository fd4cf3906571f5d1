import { createCharts } from './charts.js'
import { write } from './element.js'
import { toTime } from './figures.js'
import { createHistory } from './history.js'
import { createSummaries } from './summaries.js'
import { drawOutcomes, drawParked } from './tables.js'

/** The board answers within this, or does not. */
const answerLimitMs = 5000

/** How often it is asked until it says how often it looks itself. */
const firstMs = 1000

/** Figures that are older are not those of now. */
const lateMs = 15_000

const silent = 'The board does not answer. This page goes on by itself once it does.'

const byId = (id) => document.getElementById(id)
const tableIn = (id) => document.querySelector(`#${id} table`)
const history = createHistory()
/** The last answer, and what is drawn of it: known with the first one. */
let answer
let charts = []
let drawSummaries

/** Asks for what is new. Resolves with why there is none, where there is not. */
async function ask() {
  const response = await fetch(`/operations/figures?after=${history.newest()?.at ?? 0}`, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(answerLimitMs),
  }).catch(() => undefined)
  if (response?.status === 401) location.assign('/login')
  const body = await response?.json().catch(() => undefined)
  if (!response?.ok || body === undefined) return body?.message ?? silent
  answer = body
  history.add(body.samples)
}

function build({ networks }) {
  charts = createCharts(byId('cards'), networks)
  drawSummaries = createSummaries(byId('summaries'), networks)
}

function draw() {
  if (history.newest() === undefined) return
  if (drawSummaries === undefined) build(answer)
  const rangeMs = 60_000 * Number(document.querySelector('input[name=minutes]:checked').value)
  const samples = history.within(rangeMs)
  drawSummaries(history, answer)
  for (const chart of charts) chart.draw(samples, answer.everyMs, rangeMs)
  drawOutcomes(tableIn('outcomes'), answer.networks, samples)
  drawParked(tableIn('parked'), answer)
}

/** That what is shown is of now, or since when it is not, and why. */
function tell(trouble) {
  const newest = history.newest()
  const isLate = newest !== undefined && answer.now - newest.at > lateMs
  const why = trouble ?? (isLate ? 'The board has no new figures; its log says why.' : '')
  write(byId('trouble'), why)
  byId('trouble').hidden = why === ''
  const at = newest === undefined ? 'nothing yet' : toTime(newest.at)
  write(byId('state'), why ? `Not live: ${at}` : `Live: ${at}`)
}

async function look() {
  const trouble = await ask()
  if (trouble === undefined) draw()
  tell(trouble)
}

/** A page that nobody sees asks for nothing; what it missed it gets when it is seen again. */
async function follow() {
  let wake
  document.addEventListener('visibilitychange', () => wake?.())
  for (;;) {
    if (!document.hidden)
      await look().catch((error) => {
        console.error(error)
        tell('This page has a fault, which the browser’s console tells. Load it again.')
      })
    await new Promise((resolve) => {
      wake = resolve
      setTimeout(resolve, answer?.everyMs ?? firstMs)
    })
  }
}

byId('ranges').addEventListener('change', draw)
void follow()
