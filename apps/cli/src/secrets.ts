import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

import type { SenderAttribute } from '@ott/delivery'

import { type Assignments, toAssignments } from './assignments.ts'
import { Failure } from './failure.ts'

/**
 * Reads secrets from where others cannot see them: a file, standard input, or the person at the terminal. `-` is standard
 * input, and so is nothing at all where that is no terminal.
 */
export async function readSecrets(file: string | undefined, wanted: readonly SenderAttribute[]): Promise<Assignments> {
  if (file === undefined && process.stdin.isTTY) return askForSecrets(wanted)
  const source = file === undefined || file === '-' ? text(process.stdin) : readSecretFile(file)
  const lines = (await source).split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return toAssignments(lines, 'Secret')
}

async function readSecretFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Failure(
      `The secret file ${file} cannot be read. Name a file of name=value lines, or - for standard input.`,
      {
        cause,
      },
    )
  }
}

async function askForSecrets(wanted: readonly SenderAttribute[]): Promise<Assignments> {
  // What is typed is echoed to the interface's output: into nothing.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  // Read line by line, so that nothing is lost of an answer pasted before its question.
  const lines = terminal[Symbol.asyncIterator]()
  const answers: [string, string][] = []
  try {
    for (const { name, required } of wanted) {
      process.stderr.write(`${name}${required ? '' : ' (may be left empty)'}: `)
      const answer = await lines.next()
      process.stderr.write('\n')
      if (answer.done === true) throw new Failure('Nothing was registered: not every secret was given.')
      answers.push([name, answer.value.trim()])
    }
  } finally {
    terminal.close()
  }
  return answers
}
