const lengthMax = 255

/** A key as its header has it: https://www.rfc-editor.org/rfc/rfc9651#name-strings. Throws a TypeError for one that the API does not take. */
export function toHeader(key: string): string {
  if (!/^[ -~]+$/.test(key) || key.length > lengthMax)
    throw new TypeError(`An idempotencyKey must have 1 to ${lengthMax} visible ASCII characters.`)
  return /[ ",\\]/.test(key) ? `"${key.replaceAll(/["\\]/g, String.raw`\$&`)}"` : key
}
