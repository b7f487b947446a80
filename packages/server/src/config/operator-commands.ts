import { ConfigError } from './config-error'

type Argument = 'EMAIL' | 'ORGANIZATION_ID'

/** What may stand for an argument. */
const ARGUMENTS: Readonly<
  Record<Argument, { readonly pattern: RegExp; readonly what: string; readonly example: string }>
> = {
  EMAIL: { pattern: /^[^-].*@/, what: 'the e-mail address of an account', example: 'ada@example.com' },
  ORGANIZATION_ID: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/,
    what: 'the id of an organization',
    example: '01HZ3K5R4X9Y2V6QF8TJ7W0CDN',
  },
}

/** What an operator can do besides serving. The settings follow as flags, as for the server. */
export const OPERATOR_COMMANDS = {
  'disable-user': {
    argument: 'EMAIL',
    help: 'Disable an account: its sessions and API keys are refused from the next request on',
  },
  'enable-user': {
    argument: 'EMAIL',
    help: 'Enable a disabled account: it must sign in again, its API keys work again',
  },
  'reset-two-factor': {
    argument: 'EMAIL',
    help: 'Turn off the second factor of an account whose owner has lost it; sessions end, the owner is told by mail',
  },
  'export-audit-log': {
    argument: 'ORGANIZATION_ID',
    help: 'Print the audit log of an organization, also of one that was deleted, as JSON lines; the last one is its chain',
  },
} as const satisfies Record<string, { readonly argument: Argument; readonly help: string }>

export type OperatorCommandName = keyof typeof OPERATOR_COMMANDS
export const OPERATOR_COMMAND_NAMES = Object.keys(OPERATOR_COMMANDS) as readonly OperatorCommandName[]

export interface OperatorCommand {
  readonly name: OperatorCommandName
  /** An e-mail address, or the id of an organization. */
  readonly subject: string
}

/**
 * Takes the command off the front of a command line.
 * @param argv the arguments after the program's name
 * @returns the command, undefined for none, and the flags behind it
 * @throws ConfigError if the command's argument is missing
 */
export const readOperatorCommand = (
  argv: readonly string[],
): { readonly command: OperatorCommand | undefined; readonly flags: readonly string[] } => {
  const name = OPERATOR_COMMAND_NAMES.find(known => known === argv[0])
  if (!name) return { command: undefined, flags: argv }
  const subject = argv[1] ?? ''
  const { pattern, what, example } = ARGUMENTS[OPERATOR_COMMANDS[name].argument]
  if (!pattern.test(subject))
    throw new ConfigError([`${name} needs ${what} right behind it. Example: snoop-server ${name} ${example}`])
  return { command: { name, subject }, flags: argv.slice(2) }
}
