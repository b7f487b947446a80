import type { CompletionOption, CompletionPlace } from './completion-words'

const optionWords = ({ long, short }: CompletionOption): string[] => [
  `--${long}`,
  ...(short ? [`-${short}`] : []),
]

const placeCase = ({ path, words, options }: CompletionPlace): string => {
  const all = [...words.map(({ word }) => word), ...options.flatMap(optionWords)]
  return `    '${path}') words='${all.join(' ')}' ;;`
}

const valueCase = (pattern: string, choices: readonly string[]): string =>
  `    ${pattern}) COMPREPLY=($(compgen -${choices.length > 0 ? `W '${choices.join(' ')}'` : 'f'} -- "$current")); return ;;`

/** Words of an option are those of its command: two commands may have one of the same name. */
const valueCases = (places: readonly CompletionPlace[]): string[] => {
  const taking = places.flatMap(({ path, options }) =>
    options.filter(({ takesValue }) => takesValue).map(option => ({ path, option })),
  )
  const withWords = taking
    .filter(({ option }) => option.choices.length > 0)
    .map(({ path, option }) =>
      valueCase(
        optionWords(option)
          .map(word => `'${path} ${word}'`)
          .join('|'),
        option.choices,
      ),
    )
  const others = new Set(
    taking.filter(({ option }) => option.choices.length === 0).flatMap(({ option }) => optionWords(option)),
  )
  return [...withWords, valueCase([...others].map(word => `*' ${word}'`).join('|'), [])]
}

/** A completion script for bash: everything is in it, the program is not started. */
export const bashScript = (places: readonly CompletionPlace[]): string => {
  const groups = places.filter(({ path }) => path.includes(' ')).map(({ path }) => path.split(' ')[0])
  return `# bash completion of snoop
_snoop() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' i word
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    [[ $word == -* ]] && continue
    if [[ -z $path ]]; then path=$word
    elif [[ ' ${[...new Set(groups)].join(' ')} ' == *" $path "* ]]; then path="$path $word"; break
    else break; fi
  done
  case "$path \${COMP_WORDS[COMP_CWORD-1]}" in
${valueCases(places).join('\n')}
  esac
  case "$path" in
${places.map(placeCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _snoop snoop
`
}
