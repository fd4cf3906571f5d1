import uPlot from '/operations/uPlot.esm.js'

import { element, write } from './element.js'
import { toTime } from './figures.js'
import { toColumns } from './history.js'

/** Read whenever a chart is drawn: it is another one in dark mode. */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/**
 * A chart of lines over time, in a figure of its own. Of each series: its name, its colour's, and its value of a sample, which may
 * have none. `least`: what the axis reaches up to at least.
 */
export function createChart(given) {
  const { title, format, series } = given
  const { figure, plot, values } = createFigure(given)
  let chart
  const tell = () => {
    const at = chart.cursor.idx ?? chart.data[0].length - 1
    const texts = series.map((_one, index) => toText(chart.data[index + 1][at], format))
    for (const [index, text] of texts.entries()) write(values[index], text)
    plot.setAttribute('aria-label', `${title}: ${series.map(({ name }, index) => `${name} ${texts[index]}`).join(', ')}`)
  }
  const open = () => {
    chart = new uPlot(toOptions(given, plot, tell), [[], ...series.map(() => [])], plot)
    new ResizeObserver(() => chart.setSize(sizeOf(plot))).observe(plot)
  }
  return {
    figure,
    /** Draws samples, up to the newest. */
    draw: (samples, everyMs, rangeMs) => {
      if (chart === undefined) open()
      const until = (samples.at(-1)?.at ?? Date.now()) / 1000
      const valuesOf = series.map(({ value }) => value)
      chart.batch(() => {
        chart.setData(toColumns(samples, everyMs, valuesOf), false)
        chart.setScale('x', { min: until - rangeMs / 1000, max: until })
      })
      tell()
    },
  }
}

function createFigure({ title, about, series }) {
  const plot = element('div', { className: 'plot', role: 'img' })
  const values = series.map(() => element('b'))
  const keys = series.map((one, index) => toKey(one, values[index]))
  const heading = element('h2', { textContent: title })
  const caption = element('figcaption', {}, heading, element('p', { className: 'about', textContent: about }))
  const legend = element('ul', { className: 'legend' }, ...keys)
  return { figure: element('figure', { className: 'card' }, caption, plot, legend), plot, values }
}

function sizeOf(plot) {
  return { width: plot.clientWidth, height: plot.clientHeight }
}

function toKey({ name, colour: of, title = '' }, value) {
  const key = element('span', { className: 'key' })
  key.style.setProperty('--key', `var(--${of})`)
  return element('li', { title }, key, `${name} `, value)
}

function toText(value, format) {
  return value === null || value === undefined ? '–' : format(value)
}

function toOptions({ series, format, least = 1 }, plot, tell) {
  const axis = { stroke: () => colour('quiet'), font: '11px system-ui, sans-serif', ticks: { show: false } }
  const grid = { stroke: () => colour('rule'), width: 1 }
  return {
    ...sizeOf(plot),
    legend: { show: false },
    // A pointer at one chart shows the values of that moment in all.
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'operations' } },
    scales: { y: { range: (_chart, _low, high) => [0, Math.max(least, (high ?? 0) * 1.1)] } },
    axes: [
      { ...axis, grid, size: 24, values: (_chart, splits, _axis, _space, step) => splits.map((at) => toTime(at * 1000, step < 60)) },
      { ...axis, grid, size: 56, values: (_chart, splits) => splits.map((value) => format(value)) },
    ],
    series: [{}, ...series.map(toLine)],
    hooks: { setCursor: [tell] },
  }
}

function toLine({ colour: of, dash }) {
  return { stroke: () => colour(of), width: 1.5, dash, points: { show: false } }
}
