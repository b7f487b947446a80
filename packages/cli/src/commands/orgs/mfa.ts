import { usageError } from '../../cli-error'
import type { MFA_ACTIONS, mfaSpec } from '../../command-tree/orgs'
import type { CommandInput, Run } from '../../define-command'
import { changePolicy } from './mfa/change-policy'
import { listCompliance } from './mfa/list-compliance'
import { showPolicy } from './mfa/show-policy'

type Action = (typeof MFA_ACTIONS)[number]
type Options = CommandInput<typeof mfaSpec>['options']

const OPTIONS_OF: Readonly<Record<Action, readonly (keyof Options)[]>> = {
  show: [],
  require: ['graceDays', 'dryRun'],
  off: ['dryRun'],
  compliance: ['failIfNoncompliant', 'limit', 'all'],
}

const flagOf = (option: string): string =>
  `--${option.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`

const refuseStrayOptions = (action: Action, options: Options): void => {
  const known: readonly string[] = OPTIONS_OF[action]
  const stray = Object.entries(options).find(([name, value]) => value !== undefined && !known.includes(name))
  if (stray === undefined) return
  throw usageError(`${flagOf(stray[0])} does not go with \`${action}\`.`, 'See:  snoop orgs mfa --help')
}

export const run: Run<typeof mfaSpec> = async (context, { args: [action = 'show'], options }) => {
  refuseStrayOptions(action, options)
  switch (action) {
    case 'show':
      return showPolicy(context)
    case 'compliance':
      return listCompliance(context, options)
    case 'require':
      return changePolicy(context, true, options)
    case 'off':
      return changePolicy(context, false, options)
  }
}
