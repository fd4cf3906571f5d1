import { fileURLToPath } from 'node:url'

import { Argument, type Command } from '@commander-js/extra-typings'

import { toBash, toFish, toZsh } from './completion-scripts.ts'
import { toPlaces } from './completion-tree.ts'
import { print, printJson } from './print.ts'

const scripts = { bash: toBash, zsh: toZsh, fish: toFish } as const

const main = fileURLToPath(new URL('main.js', import.meta.url))

/** `ott completion`: what a shell needs to complete all commands that there are. It is added last. */
export function addCompletionCommand(ott: Command): void {
  ott
    .command('completion')
    .description('print a script that has a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
It completes the word ott, which this makes known to a shell:
  alias ott='${process.execPath} ${main}'

Examples:
  source <(ott completion bash)                                    # in ~/.bashrc, behind the alias
  source <(ott completion zsh)                                     # in ~/.zshrc, behind the alias and compinit
  ott completion fish > ~/.config/fish/completions/ott.fish`,
    )
    .action((shell, { json: asJson }) => {
      const script = scripts[shell](toPlaces(ott)).trimEnd()
      if (asJson) printJson({ shell, script })
      else print(script)
    })
}
