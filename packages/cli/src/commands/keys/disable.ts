import type { disableSpec } from '../../command-tree/keys'
import type { Run } from '../../define-command'
import { setEnabled } from './set-enabled'

export const run: Run<typeof disableSpec> = (context, { args: [named], options: { yesLockMeOut } }) =>
  setEnabled(context, named, false, yesLockMeOut)
