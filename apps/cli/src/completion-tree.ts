import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings'

/** A word that can be typed, and what it does. */
export type Word = { readonly name: string; readonly description: string }

/** What can follow a command: `path` is `/client/create`, and empty for `ott` alone. */
export type Place = {
  readonly path: string
  /** Its commands, or what its argument is chosen from. */
  readonly words: readonly Word[]
  readonly options: readonly (Word & { readonly takesValue: boolean })[]
  /** Whether anything may be typed as its argument: a file, say. */
  readonly free: boolean
}

/** Every place that there is among these commands, as commander has them. */
export function toPlaces(command: CommandUnknownOpts, path = ''): readonly Place[] {
  const help = command.createHelp()
  const [argument] = command.registeredArguments
  const choices = argument?.argChoices?.map((name) => ({ name, description: argument.description })) ?? []
  const commands = help.visibleCommands(command).map((sub) => {
    return { name: sub.name(), description: help.subcommandDescription(sub) }
  })
  const options = help.visibleOptions(command).map((option) => toOption(option, help.optionDescription(option)))
  const place = {
    path,
    words: [...commands, ...choices],
    options,
    free: argument !== undefined && choices.length === 0,
  }
  return [place, ...command.commands.flatMap((sub) => toPlaces(sub, `${path}/${sub.name()}`))]
}

function toOption(option: Option, description: string) {
  return { name: option.long ?? option.flags, description, takesValue: option.required }
}
