import type { OptionSpec } from '../define-command'

/** What may stand after (or before) any command. There is no option that takes a secret, on purpose. */
export const GLOBAL_OPTIONS = {
  url: { flags: '--url <origin>', summary: 'Server to talk to (SNOOP_URL)' },
  profile: { flags: '--profile <name>', summary: 'Set of credentials to use (SNOOP_PROFILE)' },
  org: { flags: '--org <id|slug>', summary: 'Organization to work in (SNOOP_ORG)' },
  store: {
    flags: '--store <kind>',
    summary: 'Where credentials are kept (SNOOP_CREDENTIAL_STORE)',
    choices: ['keychain', 'file'],
  },
  json: { flags: '--json', summary: 'Answer in JSON; errors too, on stderr' },
  quiet: { flags: '-q, --quiet', summary: 'Ids only, no remarks' },
  yes: { flags: '-y, --yes', summary: 'Do not ask whether to go ahead' },
  noInput: { flags: '--no-input', summary: 'Never ask anything' },
  noColor: { flags: '--no-color', summary: 'No colours (NO_COLOR)' },
  verbose: { flags: '--verbose', summary: 'Name every request on stderr' },
} as const satisfies Record<string, OptionSpec>

/** The global options as they were typed. */
export interface GlobalOptions {
  readonly url: string | undefined
  readonly profile: string | undefined
  readonly org: string | undefined
  readonly store: string | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly yes: boolean
  readonly noInput: boolean
  readonly noColor: boolean
  readonly verbose: boolean
}
