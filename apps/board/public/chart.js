import uPlot from './uPlot.esm.js'

import { element, write } from './element.js'
import { toTime } from './figures.js'
import { toColumns } from './history.js'

/** Canvases know no variables of a style sheet, and these differ in dark mode: asked for whenever a chart is drawn. */
const probe = element('span', { hidden: true })
document.body.append(probe)
function colour(name) {
  probe.style.color = `var(--${name})`
  return getComputedStyle(probe).color
}

/** The axis is never of less than this, however new the board. */
const widthMinMs = 60_000

/**
 * A chart of lines over time, in a figure of its own. Of each series: its name, its colour's, and its value of a sample, which may
 * have none. `least`: what the axis reaches up to at least; `steps`: what it may go up by.
 */
export function createChart(given) {
  const { title, format, series } = given
  const { figure, plot, values } = createFigure(given)
  let chart
  const tell = () => {
    const at = chart.cursor.idx ?? chart.data[0].length - 1
    const texts = series.map((_one, index) => toText(chart.data[index + 1][at], format))
    for (const [index, text] of texts.entries()) write(values[index], text)
    plot.setAttribute(
      'aria-label',
      `${title}: ${series.map(({ name }, index) => `${name} ${texts[index]}`).join(', ')}`,
    )
  }
  const open = () => {
    chart = new uPlot(toOptions(given, plot, tell), [[], ...series.map(() => [])], plot)
    new ResizeObserver(() => chart.setSize(sizeOf(plot))).observe(plot)
  }
  return {
    figure,
    /** Draws samples, of which there is one at least: the last `rangeMs`, or what there is of them. */
    draw: (samples, everyMs, rangeMs) => {
      if (chart === undefined) open()
      const [first, last] = [samples[0].at, samples.at(-1).at]
      const widthMs = Math.min(rangeMs, Math.max(widthMinMs, last - first))
      const valuesOf = series.map(({ value }) => value)
      chart.batch(() => {
        chart.setData(toColumns(samples, everyMs, valuesOf), false)
        chart.setScale('x', { min: (last - widthMs) / 1000, max: last / 1000 })
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

function toOptions({ series, format, steps, least = 1 }, plot, tell) {
  const axis = { stroke: () => colour('quiet'), font: '11px system-ui, sans-serif', ticks: { show: false } }
  const grid = { stroke: () => colour('rule'), width: 1 }
  return {
    ...sizeOf(plot),
    legend: { show: false },
    // A pointer at one chart shows the values of that moment in all.
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'operations' } },
    scales: { y: { range: (_chart, _low, high) => [0, Math.max(least, (high ?? 0) * 1.1)] } },
    axes: [
      {
        ...axis,
        grid,
        size: 24,
        values: (_chart, splits, _axis, _space, step) => splits.map((at) => toTime(at * 1000, step < 60)),
      },
      { ...axis, grid, size: 56, incrs: steps, values: (_chart, splits) => splits.map((value) => format(value)) },
    ],
    series: [{}, ...series.map(toLine)],
    hooks: { setCursor: [tell] },
  }
}

function toLine({ colour: of, dash }) {
  return { stroke: () => colour(of), width: 1.5, dash, points: { show: false } }
}
