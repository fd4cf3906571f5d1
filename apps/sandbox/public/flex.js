import { carousel, pressable } from './cards.js'
import { element, list } from './element.js'
import { toPressable } from './line-action.js'
import { picture, video } from './media.js'

/**
 * A flex message as best a page can: https://developers.line.biz/en/reference/messaging-api/#flex-message. Boxes, texts, pictures, buttons and
 * colours; not LINE's exact measures. What is not known is left out, what has nothing known is told by its `altText`.
 */
export function flex(contents, altText) {
  const bubbles = contents?.type === 'carousel' ? list(contents.contents) : [contents]
  const made = bubbles.map(bubble)
  if (made.some((each) => each.childElementCount > 0)) return carousel(made)
  return element('div', { className: 'card' }, element('p', { className: 'card-words', textContent: altText }))
}

function bubble({ header, hero, body, footer, styles } = {}) {
  const made = element('div', { className: 'card flex' })
  for (const [name, part] of Object.entries({ header, hero, body, footer })) {
    const shown = part && component(part, 0)
    if (!shown) continue
    const block = element('div', { className: `flex-${name}` }, shown)
    block.style.backgroundColor = colour(styles?.[name]?.backgroundColor)
    made.append(block)
  }
  return made
}

/** LINE takes no deeper ones either. */
const deepest = 10

function component(part, depth) {
  if (typeof part !== 'object' || part === null || depth > deepest) return undefined
  const made = components[part.type]?.(part, depth)
  if (made === undefined) return undefined
  if (Number(part.flex) >= 0) made.style.flex = part.flex === 0 ? '0 0 auto' : `${Number(part.flex)} 1 0`
  made.style.alignSelf = ends[part.gravity] ?? ''
  made.style.marginBlockStart = spaces[part.margin] ?? ''
  return made
}

const components = {
  box: box,
  text: text,
  span: text,
  button: ({ action, style, color }) => {
    const made = pressable(toPressable(action), `button ${style === 'primary' || style === 'secondary' ? style : ''}`)
    made.style[style === 'primary' || style === 'secondary' ? 'backgroundColor' : 'color'] = colour(color)
    return made
  },
  image: ({ url }) => picture(url, 'Picture'),
  icon: ({ url }) => {
    const made = picture(url, 'Icon')
    made.classList.add('icon')
    return made
  },
  video: ({ url, previewUrl }) => video(url, previewUrl),
  separator: () => element('hr'),
  filler: () => element('span', { className: 'filler' }),
}

function box({ layout, contents, spacing, backgroundColor, justifyContent }, depth) {
  const shown = list(contents).map((part) => component(part, depth + 1))
  const made = element('div', { className: layout === 'vertical' ? 'box' : 'box across' }, ...shown)
  made.style.gap = spaces[spacing] ?? ''
  made.style.backgroundColor = colour(backgroundColor)
  made.style.justifyContent = /^(center|flex-end|space-between|space-around)$/.test(justifyContent)
    ? justifyContent
    : ''
  return made
}

function text({ text: words, contents, weight, size, color, align, decoration }) {
  const spans = list(contents).map(text)
  const made = element('span', { className: 'flex-text' }, ...(spans.length > 0 ? spans : [String(words ?? '')]))
  made.style.fontWeight = weight === 'bold' ? '700' : ''
  made.style.fontSize = sizes[size] ?? ''
  made.style.color = colour(color)
  made.style.textAlign = ends[align] ?? (align === 'center' ? 'center' : '')
  made.style.textDecoration = /^(underline|line-through)$/.test(decoration) ? decoration : ''
  return made
}

const sizes = {
  xxs: '0.65rem',
  xs: '0.72rem',
  sm: '0.8rem',
  lg: '1.1rem',
  xl: '1.25rem',
  xxl: '1.5rem',
  '3xl': '1.8rem',
}
const spaces = { xs: '2px', sm: '4px', md: '8px', lg: '12px', xl: '16px', xxl: '20px' }
const ends = { start: 'start', end: 'end', center: 'center', top: 'start', bottom: 'end' }

/** Colours are #rrggbb, with or without an opacity; anything else is none. */
function colour(value) {
  return /^#[0-9a-f]{6}([0-9a-f]{2})?$/i.test(String(value)) ? value : ''
}
