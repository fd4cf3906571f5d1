/**
 * A URL as LINE takes it: percent-encoded UTF-8, https://developers.line.biz/en/reference/messaging-api/#url-encoding. One that
 * is in order already stays as it is, to the letter.
 */
export function toLineUrl(url: string): string {
  return /^[!-~]*$/.test(url) ? url : new URL(url).href
}
