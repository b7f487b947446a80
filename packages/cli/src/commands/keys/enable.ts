import type { enableSpec } from '../../command-tree/keys'
import type { Run } from '../../define-command'
import { setEnabled } from './set-enabled'

export const run: Run<typeof enableSpec> = (context, { args: [named] }) => setEnabled(context, named, true)
