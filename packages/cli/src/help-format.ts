import type { Argument, Command, Help, Option } from 'commander'

const section = (helper: Help, title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `\n${helper.styleTitle(title)}\n${items.join('\n')}\n`

const subcommandTerm = (command: Command): string =>
  [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ')

const argumentTerm = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

/** Help with what one looks for first at the top: the commands, then the options of this one, then those of all. */
export const formatHelp = (command: Command, helper: Help): string => {
  const width = helper.padWidth(command, helper)
  const item = (term: string, description: string): string =>
    helper.formatItem(term, width, description, helper)
  const options = (list: readonly Option[]): string[] =>
    list.map(option => item(helper.optionTerm(option), helper.optionDescription(option)))

  const isLeaf = command.commands.length === 0
  const own = helper.visibleOptions(command)
  const globals = helper.visibleGlobalOptions(command).filter(({ long }) => long !== '--version')
  return [
    `${helper.styleTitle('Usage:')} ${helper.commandUsage(command)}\n`,
    `\n${helper.boxWrap(helper.commandDescription(command), helper.helpWidth ?? 80)}\n`,
    section(
      helper,
      'Arguments:',
      helper
        .visibleArguments(command)
        .map(argument => item(helper.argumentTerm(argument), helper.argumentDescription(argument))),
    ),
    section(
      helper,
      'Commands:',
      helper
        .visibleCommands(command)
        .map(child => item(helper.subcommandTerm(child), helper.subcommandDescription(child))),
    ),
    section(helper, 'Options:', options(own)),
    section(helper, 'Options of all commands:', isLeaf ? options(globals) : []),
  ].join('')
}

export const helpStyle = (colored: boolean) => ({
  showGlobalOptions: true,
  formatHelp,
  subcommandTerm,
  ...(colored && { styleTitle: (text: string): string => `\u001b[1m${text}\u001b[22m` }),
})
