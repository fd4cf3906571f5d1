import { isIPv4 } from 'node:net'

/** An address of version 4, or the half of one of version 6 that its holder cannot change at will. */
export function subnetOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '')
  if (isIPv4(plain)) return plain
  const [head = [], tail] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const groups = [
    ...head,
    ...(tail === undefined ? [] : [...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail]),
  ]
  return `${groups.slice(0, 4).join(':')}::/64`
}
