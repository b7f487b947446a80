import { OPERATOR_COMMANDS } from './operator-commands'
import { CONFIG_FILE, listSettings } from './settings'

/** One row of the configuration table in the documents. */
export interface ConfigRow {
  /** In the configuration file. Undefined for what only flag and variable can say. */
  readonly name: string | undefined
  /** Undefined for what the command line is no place for. */
  readonly flag: string | undefined
  readonly env: string
  readonly default: string
  readonly help: string
}

/** Every setting for people, the same on each machine. */
export const describeConfig = (): ConfigRow[] => [
  ...listSettings().map(([name, setting]) => ({
    name,
    flag: setting.secret === 'always' ? undefined : `--${setting.flag} ${setting.placeholder}`,
    env: setting.env,
    default: setting.describedDefault ?? setting.default ?? 'none',
    help: setting.repeatable ? `${setting.help}. Repeat the flag, or separate by commas` : setting.help,
  })),
  {
    name: undefined,
    flag: `--${CONFIG_FILE.flag} ${CONFIG_FILE.placeholder}`,
    env: CONFIG_FILE.env,
    default: 'none',
    help: CONFIG_FILE.help,
  },
]

const INFORMATION = [
  { flag: '-h, --help', help: 'Show this' },
  { flag: '--version', help: 'Show the version' },
] as const

const COMMANDS = Object.entries(OPERATOR_COMMANDS).map(([name, { argument, help }]) => ({
  flag: `${name} ${argument}`,
  help,
}))

/** What `--help` prints. */
export const formatConfigHelp = (): string => {
  const rows = describeConfig()
  const column = Math.max(...rows.map(({ flag = '' }) => flag.length)) + 4
  const optionLine = ({ flag, help }: { readonly flag: string; readonly help: string }) =>
    `  ${flag}`.padEnd(column) + help
  return [
    'Usage: snoop-server [OPTION]...',
    '       snoop-server COMMAND [OPTION]...',
    '',
    'Without a command it serves. Commands work on the database of a server, which may go on running meanwhile:',
    ...COMMANDS.map(optionLine),
    '',
    'A flag wins over its environment variable, that over the file, that over the default.',
    '',
    ...INFORMATION.map(optionLine),
    ...rows.flatMap(({ flag = '(no flag)', env, help, default: byDefault }) => [
      optionLine({ flag, help }),
      `${' '.repeat(column)}${env}; default: ${byDefault}`,
    ]),
    '',
  ].join('\n')
}
