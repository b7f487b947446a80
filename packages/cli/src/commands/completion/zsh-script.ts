import type { CompletionOption, CompletionPlace } from './completion-words'

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
const plain = (text: string): string => text.replace(/[[\]:]/g, ' ')

const optionSpecs = ({ long, short, summary, takesValue, choices }: CompletionOption): string[] => {
  const value = takesValue ? `:value:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}` : ''
  return [`--${long}`, ...(short ? [`-${short}`] : [])].map(flag =>
    quote(`${flag}[${plain(summary)}]${value}`),
  )
}

const placeCase = ({ path, words, options }: CompletionPlace): string => {
  const described = words.map(({ word, summary }) => quote(`${word}:${plain(summary)}`))
  const specs = options.flatMap(optionSpecs)
  const rest = described.length > 0 ? `'*: :{_describe word choices}'` : `'*:file:_files'`
  return `    ${quote(path)})
      choices=(${described.join(' ')})
      _arguments -S ${specs.join(' ')} ${rest} ;;`
}

/** A completion script for zsh: everything is in it, the program is not started. */
export const zshScript = (places: readonly CompletionPlace[]): string => {
  const groups = places.filter(({ path }) => path.includes(' ')).map(({ path }) => path.split(' ')[0])
  return `#compdef snoop
_snoop() {
  local place='' word
  local -a before choices
  before=("\${(@)words[2,CURRENT-1]}")
  for word in $before; do
    [[ $word == -* ]] && continue
    if [[ -z $place ]]; then place=$word
    elif [[ ' ${[...new Set(groups)].join(' ')} ' == *" $place "* ]]; then place="$place $word"; break
    else break; fi
  done
  case $place in
${places.map(placeCase).join('\n')}
  esac
}
if [[ "\${funcstack[1]}" == _snoop ]]; then _snoop "$@"; else compdef _snoop snoop; fi
`
}
