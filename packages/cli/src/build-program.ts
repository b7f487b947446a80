import { Command as Commander, Option } from 'commander'
import { COMMAND_TREE } from './command-tree'
import { GLOBAL_OPTIONS, type GlobalOptions } from './command-tree/global-options'
import type { Command, OptionSpec } from './define-command'
import { helpStyle } from './help-format'

/** The command that a line names, with what was typed after it. */
export interface Selection {
  readonly command: Command
  readonly args: readonly unknown[]
  readonly options: Readonly<Record<string, unknown>>
  readonly flags: GlobalOptions
}

/** Where commander's own texts (help, version, complaints) go. */
export interface ProgramStreams {
  writeOut(text: string): void
  writeErr(text: string): void
  readonly columns: number | undefined
  readonly colored: boolean
}

const toOption = ({ flags, summary, choices, repeat }: OptionSpec): Option => {
  const option = new Option(flags, summary)
  if (choices) option.choices(choices)
  if (repeat) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value])
  return option
}

const readFlags = (options: Record<string, unknown>): GlobalOptions => {
  const text = (name: string): string | undefined => {
    const value = options[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    url: text('url'),
    profile: text('profile'),
    org: text('org'),
    store: text('store'),
    json: options.json === true,
    quiet: options.quiet === true,
    yes: options.yes === true,
    noInput: options.input === false,
    noColor: options.color === false,
    verbose: options.verbose === true,
  }
}

const addCommand = (parent: Commander, command: Command, select: (selection: Selection) => void): void => {
  const { name, summary, description, arguments: specs = [], options = {}, examples } = command.spec
  const built = parent.command(name).summary(summary)
  built.description(description === undefined ? `${summary}.` : `${summary}. ${description}`)
  for (const spec of specs) {
    const argument = built.createArgument(spec.name, spec.summary)
    if (spec.choices) argument.choices(spec.choices)
    built.addArgument(argument)
  }
  for (const option of Object.values(options)) built.addOption(toOption(option))
  if (examples) built.addHelpText('after', `\nExamples:\n${examples.map(line => `  $ ${line}`).join('\n')}`)
  built.action((...given: unknown[]) => {
    const typed = built.opts()
    select({
      command,
      args: given.slice(0, specs.length),
      options: Object.fromEntries(Object.keys(options).map(key => [key, typed[key]])),
      flags: readFlags(built.optsWithGlobals()),
    })
  })
}

/**
 * Builds the commander program from the command tree. It never ends the process: it throws `CommanderError`.
 * @param groups the commands of the groups that were loaded, by the name of the group
 */
export const buildProgram = (
  version: string,
  streams: ProgramStreams,
  groups: ReadonlyMap<string, readonly Command[]>,
  select: (selection: Selection) => void,
): Commander => {
  const program = new Commander('snoop')
  program
    .description('Accounts, organizations and personal access tokens of a Snoop server, from your terminal.')
    .version(`snoop ${version}`, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Show help')
    .helpCommand('help [command]', 'Show the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: streams.writeOut,
      writeErr: streams.writeErr,
      getOutHelpWidth: () => streams.columns || 80,
      getErrHelpWidth: () => streams.columns || 80,
      getOutHasColors: () => streams.colored,
      getErrHasColors: () => streams.colored,
    })
    .configureHelp(helpStyle(streams.colored))
  for (const option of Object.values(GLOBAL_OPTIONS)) program.addOption(toOption(option))
  for (const entry of COMMAND_TREE) {
    if (entry.kind === 'command') {
      addCommand(program, entry, select)
      continue
    }
    const group = program.command(entry.name).summary(entry.summary).description(`${entry.summary}.`)
    group.helpCommand(false)
    for (const command of groups.get(entry.name) ?? []) addCommand(group, command, select)
  }
  return program
}
