import type { Place, Word } from './completion-tree.ts'

/** A shell's completion script: https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html */
export function toBash(places: readonly Place[]): string {
  const cases = places.map(
    ({ path, words, options, free }) =>
      `    ${quoted(path)}) commands=${quoted(namesOf(words))} options=${quoted(namesOf(options))} free=${free ? 1 : ''} ;;`,
  )
  return `_ott() {
  local at='' commands options free index word current=\${COMP_WORDS[COMP_CWORD]}
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case $at/$word in
      ${pathsOf(places)}) at=$at/$word ;;
    esac
  done
  case $at in
${cases.join('\n')}
  esac
  COMPREPLY=()
  # What an option is given is nothing that is known here: bash offers files.
  case \${COMP_WORDS[COMP_CWORD - 1]} in
    ${withValue(places)}) return ;;
  esac
  if [[ $current == -* || -z $commands && -z $free ]]; then commands=$options; fi
  COMPREPLY=($(compgen -W "$commands" -- "$current"))
}
complete -o default -F _ott ott
`
}

/** Likewise: https://zsh.sourceforge.io/Doc/Release/Completion-System.html */
export function toZsh(places: readonly Place[]): string {
  const cases = places.map(
    ({ path, words, options, free }) =>
      `    (${quoted(path)}) commands=(${described(words)}) options=(${described(options)}) free=${free ? 1 : ''} ;;`,
  )
  return `#compdef ott
_ott() {
  local at='' free word
  local -a commands options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $at/$word in
      (${pathsOf(places)}) at=$at/$word ;;
    esac
  done
  case $at in
${cases.join('\n')}
  esac
  case \${words[CURRENT-1]} in
    (${withValue(places)}) _files; return ;;
  esac
  if [[ \${words[CURRENT]} == -* || ( -z $commands && -z $free ) ]]; then
    _describe -o option options
  elif [[ -n $commands ]]; then
    _describe command commands
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _ott ]]; then _ott "$@"; else compdef _ott ott; fi
`
}

/** Likewise: https://fishshell.com/docs/current/completions.html */
export function toFish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words, options }) => {
    const here = `complete -c ott -n '__ott_at "${path}"'`
    return [
      ...words.map(({ name, description }) => `${here} -f -a ${name} -d ${fishQuoted(description)}`),
      ...options.map(
        ({ name, description, takesValue }) =>
          `${here} -l ${name.replace(/^--/, '')}${takesValue ? ' -r' : ''} -d ${fishQuoted(description)}`,
      ),
    ]
  })
  return `function __ott_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    switch "$at/$word"
      case ${pathsOf(places).replaceAll(' | ', ' ')}
        set at "$at/$word"
    end
  end
  test "$at" = "$argv[1]"
end
${lines.join('\n')}
`
}

function namesOf(words: readonly Word[]): string {
  return words.map(({ name }) => name).join(' ')
}

function pathsOf(places: readonly Place[]): string {
  return places.flatMap(({ path }) => (path === '' ? [] : [path])).join(' | ')
}

/** The options that the next word belongs to. */
function withValue(places: readonly Place[]): string {
  const names = places.flatMap(({ options }) => options.flatMap(({ name, takesValue }) => (takesValue ? [name] : [])))
  return [...new Set(names)].join(' | ')
}

/** As zsh's _describe has them. */
function described(words: readonly Word[]): string {
  return words
    .map(({ name, description }) => quoted(`${name}:${description.replaceAll(':', String.raw`\:`)}`))
    .join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`
}
