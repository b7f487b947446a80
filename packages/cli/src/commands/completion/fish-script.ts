import type { CompletionOption, CompletionPlace } from './completion-words'

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const optionLine = (
  condition: string,
  { long, short, summary, takesValue, choices }: CompletionOption,
): string => {
  const value = choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : takesValue ? ' -r' : ''
  return `complete -c snoop${condition} -l ${long}${short ? ` -s ${short}` : ''}${value} -d ${quote(summary)}`
}

const placeLines = ({ path, words, options }: CompletionPlace): string[] => {
  const condition = ` -n ${quote(`__snoop_at '${path}'`)}`
  return [
    ...words.map(({ word, summary }) => `complete -c snoop${condition} -f -a ${word} -d ${quote(summary)}`),
    ...options.map(option => optionLine(condition, option)),
  ]
}

/** A completion script for fish: everything is in it, the program is not started. */
export const fishScript = (places: readonly CompletionPlace[]): string => {
  const groups = places.filter(({ path }) => path.includes(' ')).map(({ path }) => path.split(' ')[0])
  return `# fish completion of snoop
function __snoop_at
    set -l path
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; and continue
        set -a path $word
        test (count $path) -eq 2; and break
        contains -- $path[1] ${[...new Set(groups)].join(' ')}; or break
    end
    test "$path" = "$argv[1]"
end
complete -c snoop -f
${places.flatMap(placeLines).join('\n')}
`
}
