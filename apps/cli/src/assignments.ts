import type { NetworkDefinition, Sender, SenderAttribute } from '@ott/delivery'

import { UsageFailure } from './failure.ts'

/** Names and values as they were given, in that order. */
export type Assignments = readonly (readonly [name: string, value: string])[]

const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
])

/** Splits `name=value` at its first `=`. `what` names an item in the error, which must not repeat it: it may be a secret. */
export function toAssignments(items: readonly string[], what: string): Assignments {
  return items.map((item, index) => {
    const at = item.indexOf('=')
    if (at < 1) throw new UsageFailure(`${what} ${index + 1} is not of the form name=value.`)
    return [item.slice(0, at).trim(), item.slice(at + 1).trim()]
  })
}

/** What was set in the open, as the network has it. Throws a UsageFailure that tells all that is wrong. */
export function readOpenAttributes(definition: NetworkDefinition, given: Assignments): Sender['attributes'] {
  const known = definition.senderAttributes
  const faults: string[] = []
  const attributes: Sender['attributes'] = {}
  for (const [name, text] of given) {
    const attribute = known.find((candidate) => candidate.name === name)
    const value = attribute?.kind === 'flag' ? flags.get(text.toLowerCase()) : text
    if (attribute === undefined) faults.push(`there is no attribute ${name}; there are: ${namesOf(known)}`)
    else if (attribute.kind === 'secret')
      faults.push(`${name} is a secret, which everyone on this machine could read here`)
    else if (value === undefined) faults.push(`${name} must be true or false`)
    else if (attribute.kind === 'choice' && text !== '' && !attribute.choices.includes(text))
      faults.push(`${name} must be ${attribute.choices.join(' or ')}`)
    else if (value !== '') attributes[name] = value
  }
  for (const name of missing(definition, attributes, false)) faults.push(`${name} must be given: --set ${name}=…`)
  if (faults.length > 0) throw new UsageFailure([`This is no ${definition.title} sender:`, ...faults].join('\n  - '))
  return attributes
}

/** The secrets among what was given apart. Throws a UsageFailure that names what is missing. */
export function readSecretAttributes(definition: NetworkDefinition, given: Assignments): Sender['attributes'] {
  const names = namesOf(definition.senderAttributes.filter(({ kind }) => kind === 'secret'))
  const known = new Set(names.split(', '))
  // Its name is not repeated either: who gives the bare secret, one with a `=` in it, has put it there.
  const stranger = given.findIndex(([name]) => !known.has(name))
  if (stranger >= 0)
    throw new UsageFailure(`Secret ${stranger + 1} is none of ${definition.title}'s, which are: ${names}.`)
  const secrets = Object.fromEntries(given.filter(([, value]) => value !== ''))
  const lacking = missing(definition, secrets, true)
  if (lacking.length === 0) return secrets
  throw new UsageFailure(
    `The secrets ${lacking.join(', ')} are missing. ` +
      'Give each in a line name=value, in a --secret-file or on standard input; on a terminal, ott asks for them.',
  )
}

function missing({ senderAttributes }: NetworkDefinition, given: Sender['attributes'], secret: boolean): string[] {
  const wanted = senderAttributes.filter(({ kind, required }) => required && (kind === 'secret') === secret)
  return wanted.map(({ name }) => name).filter((name) => given[name] === undefined)
}

function namesOf(attributes: readonly SenderAttribute[]): string {
  return attributes.map(({ name }) => name).join(', ')
}
