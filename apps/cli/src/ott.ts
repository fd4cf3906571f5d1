import { styleText } from 'node:util'

import { Command, CommanderError } from '@commander-js/extra-typings'
import { UnknownKey } from '@ott/registry'
import { BadEnvironment, describeVariables, StartFailure } from '@ott/runtime'

import { AllSettings } from './all-settings.ts'
import { addCallbackCommands } from './callback.ts'
import { addClientCommands } from './client.ts'
import { addCompletionCommand } from './completion.ts'
import { Failure, UsageFailure } from './failure.ts'
import { addKeysCommands } from './keys.ts'
import { addLoadCommand } from './load.ts'
import { printJson } from './print.ts'
import { addRedriveCommand } from './redrive.ts'
import { addSendCommand } from './send.ts'
import { addSenderCommands } from './sender.ts'
import { settingsHelp } from './settings.ts'
import { addTokenCommand } from './token.ts'
import { version } from './version.ts'

const exitCodes = { failure: 1, usage: 2 } as const

/** Does what a command line says, as the program does; a command that ends in another exit code than 0 sets it. */
export async function ott(args: readonly string[]): Promise<void> {
  // As every program answers that: it makes the documents.
  if (args.length === 2 && args.includes('--help') && args.includes('--json'))
    return printJson(describeVariables(AllSettings))
  try {
    await createCommands().parseAsync(args, { from: 'user' })
  } catch (error) {
    process.exitCode = report(error)
  }
}

/** All commands that there are. */
export function createCommands(): Command {
  const commands = new Command('ott')
    .description(
      'Administers ott-dispatcher: who may call, who may send, the keys that guard the secrets, and what failed; and sends.',
    )
    .version(version, '--version', 'print the version')
    .configureHelp({ styleTitle: (title) => styleText('bold', title, { validateStream: false }) })
    .configureOutput({ outputError: (text, write) => write(withRed(withoutValues(text))) })
    .showHelpAfterError('Add --help to see what it takes.')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  ott client create --name "Web shop" --account shop --scope "ott_chat_messaging_send ott_chat_messaging_read"
  ott sender list --account shop --json
  ott sender check 1650000000 --account shop --network line
  ott redrive --since 2h --dry-run
  ott send --to line:U0123456789abcdef0123456789abcdef --from 1650000000 --text "Hello" --wait
  ott load campaign.csv --rate 200

In the repository: npm run -s ott -- <command>. Answers go to standard output, errors to standard error.
Exit codes: 0 done, 1 it could not be done, 2 the command was not given as it must be, 130 interrupted.
${settingsHelp}`,
    )
  addClientCommands(commands)
  addSenderCommands(commands)
  addKeysCommands(commands)
  addRedriveCommand(commands)
  addCallbackCommands(commands)
  addSendCommand(commands)
  addLoadCommand(commands)
  addTokenCommand(commands)
  addCompletionCommand(commands)
  return commands
}

/** Tells what went wrong, unless commander has, and returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
  console.error(withRed(`error: ${explain(error)}`))
  return error instanceof UsageFailure ? exitCodes.usage : exitCodes.failure
}

function explain(error: unknown): string {
  const expected = [Failure, BadEnvironment, StartFailure, UnknownKey].some((kind) => error instanceof kind)
  if (error instanceof Error)
    return expected ? error.message : `this should not happen.\n${error.stack ?? error.message}`
  return String(error)
}

/** Commander repeats what it cannot place, and what is typed in the wrong place may be a secret. */
function withoutValues(text: string): string {
  return text.replace(/(unknown option '[^'=]*)=[^]*?'(?=\n|$)/, "$1'").replace(/(but got \d+): [^]*\.(?=\n|$)/, '$1.')
}

function withRed(text: string): string {
  return text.replace(/^error:/, styleText('red', 'error:', { stream: process.stderr }))
}
