/** Whether a JSON value is an object: neither a list nor null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Returns a function that gives an object's properties the names of the API's document, whatever the case they came in, and
 * leaves out every other property. Where a name came twice, the documented case goes first. `null` counts as absent, as
 * everywhere in this API; what is no object is returned as it is, for the schema to refuse. `alias` adds a further name that
 * a property goes by.
 */
export function documentedCase(names: readonly string[], alias: Readonly<Record<string, string>> = {}) {
  const exact = new Set(names)
  const documented = new Map([
    ...Object.entries(alias).map(([other, name]) => [other.toLowerCase(), name] as const),
    ...names.map((name) => [name.toLowerCase(), name] as const),
    // As most clients write them, and so found without making every name lower case.
    ...names.map((name) => [name, name] as const),
  ])
  return (given: unknown): unknown => {
    if (!isObject(given)) return given
    const givenNames = Object.keys(given)
    // As nearly all of them are: what is to be done to others costs as much as half of the validation.
    if (givenNames.every((name) => exact.has(name) && given[name] !== null)) return given
    const found: Record<string, unknown> = {}
    for (const name of givenNames) {
      const known = documented.get(name) ?? documented.get(name.toLowerCase())
      if (known === undefined || given[name] === null) continue
      if (name === known || !Object.hasOwn(found, known)) found[known] = given[name]
    }
    return found
  }
}

/** Returns a function that reads one property of a value that may be anything, by its name in any case. */
export function propertyReader(name: string) {
  const toDocumentedCase = documentedCase([name])
  return (value: unknown): unknown => {
    // As nearly all that have it.
    if (isObject(value) && Object.hasOwn(value, name) && value[name] !== null) return value[name]
    const found = toDocumentedCase(value)
    return isObject(found) ? found[name] : undefined
  }
}
