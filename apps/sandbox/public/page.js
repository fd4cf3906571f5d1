import { drawCalls } from './calls.js'
import { control } from './control.js'
import { byId } from './element.js'
import { createFaultPanel } from './faults.js'
import { createJourneyView } from './journey.js'
import { follow } from './live.js'
import { createPhone } from './phone.js'
import { createStory } from './story.js'

const story = createStory()
const openJourney = createJourneyView()
const phones = ['line', 'messenger'].map((network) =>
  createPhone(network, { openJourney, write: (person, text) => act('POST', '/written', { network, person, text }) }),
)
const faults = createFaultPanel({
  plan: (fault) => act('POST', '/faults', fault),
  remove: (id) => act('DELETE', `/faults/${id}`),
  removeAll: () => act('DELETE', '/faults'),
})
byId('phones').append(...phones.map((phone) => phone.element))
byId('clear').addEventListener('click', () => {
  void act('DELETE', '/ledger')
  void act('DELETE', '/written')
})

/** What comes of it is seen in the next update; what goes wrong is told. */
async function act(method, path, body) {
  try {
    await control(method, path, body)
    tell(byId('trouble'), '')
  } catch (error) {
    tell(byId('trouble'), error.message)
  }
}

let isDrawn = true

/** However many updates come, the page is drawn once for each frame that is seen. */
function drawSoon() {
  if (!isDrawn) return
  isDrawn = false
  requestAnimationFrame(() => {
    isDrawn = true
    draw()
  })
}

function draw() {
  const { shown, kept } = story.counts
  tell(byId('counts'), kept > shown ? `the latest ${shown} of ${kept.toLocaleString()} received` : `${shown} received`)
  byId('older').hidden = kept <= shown
  for (const phone of phones) phone.draw(story)
  faults.draw(story.latest.faults)
  drawCalls(story.latest.calls)
}

/** Only a change is written, so that a screen reader does not read it out each time. */
function tell(where, text) {
  if (where.textContent !== text) where.textContent = text
}

follow(
  (update) => {
    story.take(update)
    drawSoon()
  },
  (isLive) => {
    byId('state').className = isLive ? 'state live' : 'state lost'
    tell(byId('state'), isLive ? 'live' : 'the sandbox does not answer')
  },
)
