/** A new element. Whatever comes from a message goes in as text or as a property, never as markup. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  Object.assign(made, properties)
  made.append(...children.filter((child) => child !== undefined && child !== ''))
  return made
}

export const byId = (id) => document.getElementById(id)

const short = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** A time of day, with the day for whoever asks; `at` is milliseconds since 1970. */
export function time(at) {
  const day = new Date(at)
  return element('time', { dateTime: day.toISOString(), title: exact.format(day), textContent: short.format(day) })
}

/** A list, whatever came in the place of one. */
export function list(value) {
  return Array.isArray(value) ? value : []
}

/** Whether it can be opened without harm. */
export function isWeb(url) {
  return typeof url === 'string' && /^https?:\/\//i.test(url)
}

/** Puts the items into their parent in this order; those in place are not touched. */
export function arrange(parent, items) {
  let place = parent.firstElementChild
  for (const item of items) {
    if (item === place) place = place.nextElementSibling
    else parent.insertBefore(item, place)
  }
}
