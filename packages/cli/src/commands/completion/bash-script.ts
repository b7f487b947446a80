import type { CompletionOption, CompletionPlace } from './completion-words'

const optionWords = ({ long, short }: CompletionOption): string[] => [
  `--${long}`,
  ...(short ? [`-${short}`] : []),
]

const placeCase = ({ path, words, options }: CompletionPlace): string => {
  const all = [...words.map(({ word }) => word), ...options.flatMap(optionWords)]
  return `    '${path}') words='${all.join(' ')}' ;;`
}

const valueCases = (places: readonly CompletionPlace[]): string[] => {
  const options = new Map(places.flatMap(place => place.options).map(option => [option.long, option]))
  return [...options.values()]
    .filter(({ takesValue }) => takesValue)
    .map(
      option =>
        `    ${optionWords(option).join('|')}) COMPREPLY=($(compgen -${option.choices.length > 0 ? `W '${option.choices.join(' ')}'` : 'f'} -- "$current")); return ;;`,
    )
}

/** A completion script for bash: everything is in it, the program is not started. */
export const bashScript = (places: readonly CompletionPlace[]): string => {
  const groups = places.filter(({ path }) => path.includes(' ')).map(({ path }) => path.split(' ')[0])
  return `# bash completion of snoop
_snoop() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' i word
  COMPREPLY=()
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${valueCases(places).join('\n')}
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ $word == -* ]] && continue
    if [[ -z $path ]]; then path=$word
    elif [[ ' ${[...new Set(groups)].join(' ')} ' == *" $path "* ]]; then path="$path $word"; break
    else break; fi
  done
  case "$path" in
${places.map(placeCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _snoop snoop
`
}
