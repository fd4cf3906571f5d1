import { createInterface } from 'node:readline'

import { hashSecret } from '@ott/registry'

/** NIST SP 800-63B asks for fifteen where the password is all there is; this is the least that slow hashing makes good for. */
const lengthMin = 12

/** Prints the hash that BOARD_USERS wants for the password on stdin: there, other than among the arguments, nobody else sees it. */
async function printHash(): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write(`Password (at least ${lengthMin} characters; it is not shown): `)
  // With no output, a terminal shows nothing of what is typed.
  const reader = createInterface({ input: process.stdin, terminal: process.stdin.isTTY })
  const password = await firstLine(reader)
  reader.close()
  if (process.stdin.isTTY) process.stderr.write('\n')
  if (password.length < lengthMin) {
    console.error(`The password must have at least ${lengthMin} characters.`)
    process.exitCode = 1
    return
  }
  process.stdout.write(`${await hashSecret(password)}\n`)
}

async function firstLine(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) return line
  return ''
}

await printHash()
