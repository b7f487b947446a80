import { ConfigError } from './config-error'

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
} as const satisfies Record<string, { readonly argument: string; readonly help: string }>

export type OperatorCommandName = keyof typeof OPERATOR_COMMANDS
export const OPERATOR_COMMAND_NAMES = Object.keys(OPERATOR_COMMANDS) as readonly OperatorCommandName[]

export interface OperatorCommand {
  readonly name: OperatorCommandName
  readonly email: string
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
  const email = argv[1]
  if (!email?.includes('@') || email.startsWith('-'))
    throw new ConfigError([
      `${name} needs the e-mail address of an account right behind it. Example: snoop-server ${name} ada@example.com`,
    ])
  return { command: { name, email }, flags: argv.slice(2) }
}
