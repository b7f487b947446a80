import { COMMAND_TREE } from '../../command-tree'
import { GLOBAL_OPTIONS } from '../../command-tree/global-options'
import type { Command, CommandGroup, OptionSpec } from '../../define-command'

export interface CompletionOption {
  /** Without dashes. */
  readonly long: string
  readonly short: string | undefined
  readonly summary: string
  readonly takesValue: boolean
  readonly choices: readonly string[]
}

/** What can stand at one place of a command line. */
export interface CompletionPlace {
  /** The words before, such as `keys create`; empty at the start. */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly summary: string }[]
  readonly options: readonly CompletionOption[]
}

const toOption = ({ flags, summary, choices = [] }: OptionSpec): CompletionOption => ({
  long: /--([\w-]+)/.exec(flags)?.[1] ?? '',
  short: /(?:^|\s)-(\w)\b/.exec(flags)?.[1],
  summary,
  takesValue: flags.includes('<'),
  choices,
})

const globals = [
  ...Object.values(GLOBAL_OPTIONS).map(toOption),
  { long: 'help', short: 'h', summary: 'Show help', takesValue: false, choices: [] },
]

const place = (path: string, { spec }: Command): CompletionPlace => ({
  path,
  words: (spec.arguments ?? []).flatMap(({ choices = [], summary }) =>
    choices.map(word => ({ word, summary })),
  ),
  options: [...Object.values(spec.options ?? {}).map(toOption), ...globals],
})

const placesOf = async (entry: Command | CommandGroup): Promise<CompletionPlace[]> => {
  if (entry.kind === 'command') return [place(entry.spec.name, entry)]
  const commands = await entry.load()
  const words = commands.map(({ spec }) => ({ word: spec.name, summary: spec.summary }))
  return [
    { path: entry.name, words, options: globals },
    ...commands.map(command => place(`${entry.name} ${command.spec.name}`, command)),
  ]
}

/** Every place of the command tree. */
export const completionWords = async (): Promise<CompletionPlace[]> => {
  const start = {
    path: '',
    words: COMMAND_TREE.map(entry =>
      entry.kind === 'group'
        ? { word: entry.name, summary: entry.summary }
        : { word: entry.spec.name, summary: entry.spec.summary },
    ),
    options: globals,
  }
  return [start, ...(await Promise.all(COMMAND_TREE.map(placesOf))).flat()]
}
