import { InvalidArgumentError } from '@commander-js/extra-typings'

/** An account's name, as options give it. */
export function toAccount(text: string): string {
  if (/^[\w-]{1,64}$/.test(text)) return text
  throw new InvalidArgumentError('It must have 1 to 64 letters, digits, - and _.')
}
